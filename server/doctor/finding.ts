/** Making findings. */
import type { Finding } from '../../core/operations/doctor-values.ts';

type Parts = Partial<Pick<Finding, 'details'>>;

export function good(id: string, subject: string, message: string, { details = {} }: Parts = {}): Finding {
  return { id, level: 'good', subject, message, hint: '', details };
}

type Told = Parts & Pick<Finding, 'hint'>;

export function notice(id: string, subject: string, message: string, { hint, details = {} }: Told): Finding {
  return { id, level: 'notice', subject, message, hint, details };
}

export function bad(id: string, subject: string, message: string, { hint, details = {} }: Told): Finding {
  return { id, level: 'bad', subject, message, hint, details };
}

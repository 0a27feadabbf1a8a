/** Imported before every schema: the content security policy has no eval, and zod would try it. */
import * as z from 'zod';

z.config({ jitless: true });

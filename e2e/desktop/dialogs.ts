/** The system's dialogs, which no hand can reach here: they are answered in Electron's place. */
import type { ElectronApplication } from 'playwright';

export interface Question {
  message: string;
  buttons: string[];
}

/** From now on every question is answered with this button. @returns asks what was asked */
export async function answerQuestions(
  app: ElectronApplication,
  button: string,
): Promise<() => Promise<Question[]>> {
  await app.evaluate(({ dialog }, answer) => {
    const asked: Question[] = [];
    Reflect.set(globalThis, 'asked', asked);
    dialog.showMessageBox = (...args: unknown[]) => {
      // Behind the window, where there is one.
      const { message, buttons } = args.at(-1) as Question;
      asked.push({ message, buttons });
      return Promise.resolve({ response: buttons.indexOf(answer), checkboxChecked: false });
    };
  }, button);
  return () => app.evaluate(() => Reflect.get(globalThis, 'asked') as Question[]);
}

/** From now on these files are chosen wherever one is asked for; none: the dialog is dismissed. */
export async function chooseFiles(app: ElectronApplication, filePaths: string[]): Promise<void> {
  await app.evaluate(({ dialog }, paths) => {
    dialog.showOpenDialog = () => Promise.resolve({ canceled: paths.length === 0, filePaths: paths });
  }, filePaths);
}

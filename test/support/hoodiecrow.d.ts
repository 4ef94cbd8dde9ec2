declare module 'hoodiecrow-imap' {
  import type { Server as Listener } from 'node:net';

  interface Folder {
    uidvalidity: number;
    uidnext: number;
    messages: { uid: number }[];
  }
  interface Server {
    listen(port: number, host: string, done: () => void): void;
    close(done: () => void): void;
    appendMessage(folder: string, flags: string[], date: Date | false, raw: string): void;
    getMailbox(name: string): Folder;
    server: Listener;
  }
  export default function hoodiecrow(options: {
    plugins?: string[];
    storage?: Record<string, unknown>;
    users?: Record<string, { password: string }>;
  }): Server;
}

// Profanity, a client for terminals that nobody here wrote: typed at through tmux, read from its screen.
import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'vitest';
import { PASSWORD, type Stage } from './people';

const run = promisify(execFile);
const SETTINGS = `[connection]
carbons=true
[ui]
splash=false
[notifications]
message=off
[receipts]
send=true
request=true
[omemo]
policy=manual
`;

export class Profanity {
  private constructor(private readonly folder: string, private readonly tmux: ChildProcess, private readonly env: NodeJS.ProcessEnv) {}

  /** `name` logged in, in the conversation with `peer`. */
  static async open(stage: Stage, name: string, peer: string): Promise<Profanity> {
    const folder = await mkdtemp(join(tmpdir(), 'magpie-profanity-'));
    await mkdir(join(folder, 'config/profanity'), { recursive: true });
    await writeFile(join(folder, 'config/profanity/profrc'), SETTINGS);
    const env = {
      PATH: process.env['PATH'], HOME: folder, TERM: 'screen-256color', LC_ALL: 'C.UTF-8', XDG_CONFIG_HOME: join(folder, 'config'), XDG_DATA_HOME: join(folder, 'data'),
    };
    // In the foreground (-D): a daemon would belong to nobody who could end it.
    const tmux = spawn('tmux', ['-S', join(folder, 'tmux'), '-f', '/dev/null', '-u', '-D'], { env, stdio: 'ignore' });
    await expect.poll(() => existsSync(join(folder, 'tmux')), { timeout: 10_000 }).toBe(true);
    const made = new Profanity(folder, tmux, env);
    await made.command('new-session', '-d', '-x', '160', '-y', '50', 'exec profanity');
    await made.sees('Profanity');
    await made.type(`/connect ${name}@localhost server 127.0.0.1 port ${stage.server.starttls} tls trust`);
    await made.sees('Enter password:');
    await made.type(PASSWORD);
    await made.sees(`${name}@localhost`);
    await made.sees('logged in successfully');
    await made.type(`/msg ${peer}@localhost`);
    return made;
  }

  async close(): Promise<void> {
    const ended = new Promise((resolve) => this.tmux.once('exit', resolve));
    await this.command('kill-server');
    await ended;
    await rm(this.folder, { recursive: true, force: true });
  }

  async type(line: string): Promise<void> {
    await this.command('send-keys', '-l', '--', line);
    await this.command('send-keys', 'Enter');
  }

  /** Waits until the text stands on the screen; wrapped lines count as one. */
  async sees(text: string): Promise<void> {
    const bare = (what: string) => what.replace(/\s/g, '');
    await expect.poll(async () => bare(await this.command('capture-pane', '-p')), { timeout: 20_000, interval: 100 }).toContain(bare(text));
  }

  private async command(...args: string[]): Promise<string> {
    return (await run('tmux', ['-S', join(this.folder, 'tmux'), '-u', ...args], { env: this.env })).stdout;
  }
}

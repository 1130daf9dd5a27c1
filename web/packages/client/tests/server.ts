// The real server for tests: started on free ports in a folder of its own, killed by its process id.
import { execFile, spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { mkdir, mkdtemp, open, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';

const BINARY = process.env['MAGPIE'] ?? resolve(import.meta.dirname, '../../../../target/release/magpie');

/** Whether this machine lets a process have a disk of its own. */
export function mayMount(): boolean {
  return spawnSync('unshare', ['-Urm', 'mount', '-t', 'tmpfs', 'tmpfs', tmpdir()]).status === 0;
}

export class Server {
  private process: ChildProcess | null = null;
  private constructor(
    readonly folder: string,
    readonly port: number,
    /** Where clients connect by TCP. */
    readonly starttls: number,
    private readonly base: string,
    private readonly disk: string | undefined,
  ) {}

  /** `extra`: more sections of the configuration. `disk`: the size of a disk of its own for the data, such as `24m`. */
  static async start(extra = '', disk?: string): Promise<Server> {
    const folder = await mkdtemp(join(tmpdir(), 'magpie-client-'));
    const [xmpp, http, metrics] = await Promise.all([freePort(), freePort(), freePort()]);
    const base = `
[data]
dir = "${join(folder, 'data')}"
[net]
starttls = ["127.0.0.1:${xmpp}"]
direct_tls = []
connects_per_ip_per_minute = 0
failures_per_minute = 0
[http]
listen = ["127.0.0.1:${http}"]
private_listen = ["127.0.0.1:${metrics}"]
[log]
level = "warn"
`;
    const server = new Server(folder, http, xmpp, base, disk);
    await server.configure(extra);
    await server.up();
    return server;
  }

  /** What the next {@link up} starts with: as `extra` of {@link start}. */
  async configure(extra: string): Promise<void> {
    const unlimited = extra.includes('[features.registration]') ? '' : '[features.registration]\nper_ip_per_hour = 0\n';
    await writeFile(this.config, this.base + unlimited + extra);
  }

  get websocket(): string {
    return `ws://127.0.0.1:${this.port}/xmpp`;
  }

  get http(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  async up(): Promise<void> {
    await mkdir(this.data, { recursive: true, mode: 0o700 });
    const serve = [BINARY, 'serve', '--config', this.config];
    // Mounted where only this process sees it, and gone with it.
    const mount = 'mount -t tmpfs -o mode=700,size="$1" tmpfs "$2" && shift 2 && exec "$@"';
    const [program = '', ...args] = this.disk ? ['unshare', '-Urm', 'sh', '-c', mount, 'sh', this.disk, this.data, ...serve] : serve;
    this.process = spawn(program, args, { stdio: ['ignore', 'inherit', 'inherit'] });
    const deadline = Date.now() + 20_000;
    while (!(await fetch(`${this.http}/readyz`).then((r) => r.ok, () => false))) {
      if (this.process.exitCode !== null || Date.now() > deadline) throw new Error('the server does not start');
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  private get config(): string {
    return join(this.folder, 'magpie.toml');
  }

  private get data(): string {
    return join(this.folder, 'data');
  }

  /** Leaves no room on the server's own disk; what it gives back makes room again. */
  async fillDisk(): Promise<() => Promise<void>> {
    const ballast = `/proc/${this.process?.pid}/root${this.data}/ballast`;
    const file = await open(ballast, 'w');
    try {
      for (let size = 1 << 20; size >= 1; ) {
        const written = await file.write(Buffer.alloc(size)).then(({ bytesWritten }) => bytesWritten, () => 0);
        if (written < size) size >>= 1;
      }
    } finally {
      await file.close();
    }
    return () => rm(ballast);
  }

  /** What an administrator types: `magpie ARGS`. */
  async command(...args: string[]): Promise<string> {
    return (await promisify(execFile)(BINARY, [...args, '--config', this.config])).stdout;
  }

  /** Makes an account as any client does (XEP-0077). */
  account(user: string, password: string): Promise<void> {
    return new Promise((resolve, reject) => {
      const ws = new WebSocket(this.websocket, 'xmpp');
      const query = `<query xmlns='jabber:iq:register'><username>${user}</username><password>${password}</password></query>`;
      ws.onopen = () => ws.send(`<open xmlns='urn:ietf:params:xml:ns:xmpp-framing' to='localhost' version='1.0'/>`);
      ws.onmessage = ({ data }: MessageEvent<string>) => {
        if (data.startsWith('<stream:features')) ws.send(`<iq xmlns='jabber:client' type='set' id='r'>${query}</iq>`);
        else if (data.startsWith('<iq')) {
          ws.close();
          if (data.includes("type='result'")) resolve();
          else reject(new Error(data));
        }
      };
      ws.onerror = () => reject(new Error('no connection'));
    });
  }

  /** As a power cut would. */
  async kill(signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    const { process } = this;
    this.process = null;
    if (!process || process.exitCode !== null) return;
    const gone = new Promise((resolve) => process.once('exit', resolve));
    process.kill(signal);
    await gone;
  }

  async stop(): Promise<void> {
    await this.kill('SIGTERM');
    await rm(this.folder, { recursive: true, force: true });
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as { port: number };
      probe.close(() => resolve(port));
    });
  });
}

// An operator's own name, logo, colours, rules and links, from the configuration alone.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Stage, submit } from './people';

let stage: Stage;
beforeAll(async () => { stage = await Stage.start(); });
afterAll(async () => { await stage.stop(); });

async function restart(config: string): Promise<void> {
  await stage.server.configure(config);
  await stage.server.kill('SIGTERM');
  await stage.server.up();
}

test('name, logo, colours, links and who may register are the operator’s, without a rebuild', async () => {
  const page = await (await stage.device({ locale: 'zh-CN' })).newPage();
  await page.goto('/#/register');
  await page.waitForSelector('input[name=username]');
  expect(await page.title()).toContain('Magpie');
  const logo = join(stage.server.folder, 'crest.svg');
  await writeFile(logo, '<svg xmlns="http://www.w3.org/2000/svg" width="64" height="32"><rect width="64" height="32" fill="#8b1a2b"/></svg>');
  await restart(`
[branding]
name = "江南大学通讯"
logo = ${JSON.stringify(logo)}
accent = "#8b1a2b"
accent_dark = "#a03040"
links = [{ label = "使用条款", url = "https://example.org/terms" }]
[features.registration]
per_ip_per_hour = 0
mode = "invite"
`);
  await page.goto('/#/login');
  await page.reload();
  await page.getByText('江南大学通讯').first().waitFor();
  await page.waitForFunction(() => document.title.includes('江南大学通讯'));
  await page.waitForFunction(() => document.querySelector<HTMLImageElement>('img.logo')?.naturalWidth === 64);
  const colour = () => page.locator('button[type=submit]').evaluate((button) => getComputedStyle(button).backgroundColor);
  expect(await colour()).toBe('rgb(139, 26, 43)');
  expect(await page.getByRole('link', { name: '使用条款' }).getAttribute('href')).toBe('https://example.org/terms');
  const manifest = await page.evaluate(async () => (await fetch(document.querySelector<HTMLLinkElement>('link[rel=manifest]')!.href)).json()) as { name: string };
  expect(manifest.name).toBe('江南大学通讯');
  await page.goto('/#/register');
  await page.getByText('需要邀请').first().waitFor();
  const dark = await (await stage.device({ dark: true })).newPage();
  await dark.goto('/#/login');
  await dark.waitForSelector('button[type=submit]');
  expect(await dark.locator('button[type=submit]').evaluate((button) => getComputedStyle(button).backgroundColor)).toBe('rgb(160, 48, 64)');

  const invited = /https?:\S+\/invite\/\S+/.exec(await stage.server.command('invite'))![0];
  await page.goto(new URL(invited).pathname);
  await submit(page, 'student');
  await page.waitForSelector('.shell');
  await page.goto('/#/settings/about');
  await page.getByText('江南大学通讯').first().waitFor();
  await page.getByRole('link', { name: '使用条款' }).waitFor();

  await restart('[branding]\nname = "Riverside"\n[features.registration]\nmode = "closed"\n');
  const guest = await (await stage.device()).newPage();
  await guest.goto('/#/login');
  await guest.getByText('Riverside').first().waitFor();
  await guest.goto('/#/register');
  await guest.getByText('Sign-up is closed here').first().waitFor();
});

test('no script or policy complained', () => { expect(stage.complaints).toEqual([]); });

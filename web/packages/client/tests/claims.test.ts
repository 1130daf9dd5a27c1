// No two modules take the same stanza; and what clashes is found.
import { expect, test } from 'vitest';
import { Core } from '../src/state/core';
import { clash, type Claimant } from '../src/state/router';
import { Shared } from '../src/state/shared';
import { Tabs } from '../src/state/tabs';
import { MemoryStorage } from '../src/storage/memory';
import { makeModules } from '../src/modules/all';

test('no two modules claim the same', () => {
  const shared = new Shared(new MemoryStorage());
  const kit = makeModules(new Core(shared, new Tabs('claims', shared, true)), {}, () => Promise.reject(new Error()));
  const claimants = kit.inOrder.filter((m) => m.claims) as Claimant[];
  expect(claimants.length).toBeGreaterThan(5);
  for (const claimant of claimants) expect(claimant.take).toBeTypeOf('function');
  expect(clash(claimants)).toBeNull();
});

test('a clash is found', () => {
  const claimant = (...claims: Claimant['claims']): Claimant => ({ claims, take: () => {} });
  const body = { stanza: 'message', child: ['u', 'body'], from: 'anyone' } as const;
  expect(clash([claimant(body), claimant({ ...body, type: 'chat' })])).toContain('u body');
  expect(clash([claimant({ ...body, type: 'chat' }), claimant({ ...body, type: 'normal' })])).toBeNull();
  expect(clash([claimant(body), claimant({ ...body, child: ['v', 'body'] })])).toBeNull();
  expect(clash([claimant(body, body)])).toBeNull();
});

import { defineConfig } from 'vitest/config';

/** Every package's tests, each as its own configuration says where it has one. */
export default defineConfig({
  test: {
    projects: [
      'packages/client',
      { test: { name: 'ui', root: 'packages/ui', include: ['src/**/*.test.ts'] } },
      { test: { name: 'chat', root: 'apps/chat', include: ['src/**/*.test.ts', 'build/**/*.test.ts'] } },
    ],
  },
});

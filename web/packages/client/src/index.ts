// Everything this package offers. Nothing else of it may be imported.
export * from './api/base';
export type * from './api/connection';
export type * from './api/contacts';
export type * from './api/messages';
export type * from './api/client';

export { createClient } from './client';
export { fetchBranding } from './modules/branding';

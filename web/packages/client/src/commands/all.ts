// What a person does now and then, as one chunk that is loaded when first used. Each function is a command of the
// client under the name of its file.
export * as connection from './connection';
export * as contacts from './contacts';
export * as conversations from './conversations';
export * as devices from './devices';
export * as directory from './directory';
export * as files from './files';
export * as invitations from './invitations';
export * as keeping from './keeping';
export * as messages from './messages';
export * as presence from './presence';
export * as privacy from './privacy';
export * as profiles from './profiles';
export { search } from './search';
export { deliver } from './deliver';
export { listRecent } from './recent';
export { findArrived } from './arrived';
export { hostMeta } from './hostmeta';
export { about } from './about';
export { fetchProfile } from './vcard';

// The design system's public face. Menus, dialogs, tabs and tooltips are modules of their own, so that the first screen need not load them.
import './tokens.css';
import './base.css';

export * from './accent';
export * from './avatar';
export * from './avatar-text';
export * from './badge';
export * from './banner';
export * from './button';
export * from './choice';
export type { Scheme } from './color';
export * from './empty';
export * from './field';
export * from './icons';
export * from './ime';
export * from './person-name';
export * from './row';
export * from './spinner';
export * from './text';
export * from './theme';
export * from './time';
export * from './toast';

// Who asks before a link leaves the browser.
import { createContext } from 'solid-js';

export const OddLinkContext = createContext<(href: string) => void>();

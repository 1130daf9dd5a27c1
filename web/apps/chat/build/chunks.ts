// Which modules the first screen needs: those that the entry reaches by plain imports.

interface ModuleInfo {
  readonly isEntry: boolean;
  readonly importers: readonly string[];
}

/** Whether a chain of static imports leads from the entry to this module. */
export function isStatic(id: string, infoOf: (id: string) => ModuleInfo | null): boolean {
  const seen = new Set([id]);
  for (const each of seen) {
    const info = infoOf(each);
    if (info?.isEntry) return true;
    for (const importer of info?.importers ?? []) seen.add(importer);
  }
  return false;
}

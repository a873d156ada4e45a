/** A text with `{name}` replaced by the setting of that name; others stay as they are. */
export function fillSettings(text: string, settings: Readonly<Record<string, string>>): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => settings[name] ?? whole);
}

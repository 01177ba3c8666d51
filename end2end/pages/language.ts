// Whether a page speaks the language of its reader, in all that is read on it or told of it.
import { expect, type Page } from "@playwright/test";
import { readFileSync, readdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { textsOf, type Language } from "../fixtures/words.ts";

const han = /\p{Script=Han}/u;

/** What the sample company is called and calls things: it is Chinese in either language. The longest come first. */
const sample = (() => {
  const folder = resolve(import.meta.dirname, "../../server/operations/src");
  const files = [join(folder, "demo.rs"), ...readdirSync(join(folder, "demo")).map((file) => join(folder, "demo", file))];
  const texts = files.flatMap((file) => [...readFileSync(file, "utf8").matchAll(/"([^"\n]*)"/g)].map(([, text = ""]) => text));
  return texts.filter((text) => han.test(text)).sort((a, b) => b.length - a.length);
})();

/** Texts of the product in English that read otherwise in Chinese. */
const english = (() => {
  const chinese = new Set(textsOf("zh-CN"));
  return new Set(textsOf("en").filter((text) => /[a-z]{3}/.test(text) && !text.includes("{{") && !chinese.has(text)));
})();

/** Everything that is read on a page, or told by a screen reader; the names of languages are each in their own. */
const read = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    const isRead = (element: Element) => element.checkVisibility() && element.closest("body [lang]") === null;
    const texts: string[] = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
      const around = node.parentElement;
      if (around !== null && !around.matches("script, style, textarea") && isRead(around)) texts.push(node.textContent ?? "");
    }
    for (const name of ["aria-label", "title", "placeholder"]) {
      for (const element of document.querySelectorAll(`body [${name}]`)) if (isRead(element)) texts.push(element.getAttribute(name) ?? "");
    }
    return texts.map((text) => text.trim()).filter((text) => text !== "");
  });

/** Nothing on a page is in the other language but what the sample company, or the spec itself, calls things. */
export async function speaks(page: Page, language: Language, own: string[] = []): Promise<void> {
  const names = [...own, ...sample];
  // A round picture of somebody bears the first letter of their name.
  const initials = new Set(names.map((name) => [...name][0] ?? ""));
  const isForeign = (text: string) =>
    language === "en" ? !initials.has(text) && han.test(names.reduce((left, name) => left.replaceAll(name, " "), text)) : english.has(text);
  const texts = await read(page);
  expect(texts.length, "there is something to be read").toBeGreaterThan(10);
  expect([...new Set(texts.filter(isForeign))], `on a page in ${language}`).toEqual([]);
}

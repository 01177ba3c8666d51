// Any amount of a row goes to any other row by the menu: what the mouse has for it is not the only way.
import { expect, test } from "../fixtures/attain.ts";
import { enter, newDraft } from "../pages/company.ts";
import { saved } from "../pages/split.ts";

test.use({ serving: { demo: true } });

test("a tenth of a region goes to somebody of another one, with the keyboard", async ({ page, words, picture }) => {
  await enter(page, words, "planner");
  await newDraft(page, words);
  const rows = page.locator(".grid .tr[data-node]");
  await rows.first().waitFor();
  const list = await rows.evaluateAll((all) =>
    all.map((row) => ({
      node: row.getAttribute("data-node") ?? "",
      name: row.getAttribute("data-name") ?? "",
      level: Number(row.getAttribute("aria-level")),
    })),
  );
  const regions = list.filter(({ level }) => level === 2);
  const [giver, other] = regions;
  const after = list.slice(list.findIndex(({ node }) => node === other?.node) + 1);
  const taker = after.find(({ level }) => level > 2);
  if (giver === undefined || taker === undefined) throw new Error("there are no two regions with somebody below");
  const total = async (node: string) =>
    Number(await page.locator(`.grid .tr[data-node="${node}"] .amount.total`).getAttribute("data-minor"));
  const [whole, gives, takes] = [await total("0"), await total(giver.node), await total(taker.node)];
  const form = page.locator("form[data-part=send]");

  await page.locator(`.grid .tr[data-node="${giver.node}"]`).focus();
  await page.keyboard.press("Enter");
  await page.getByRole("menuitem", { name: words("send.menu") }).press("Enter");
  await expect(form.getByLabel(words("send.much"))).toBeFocused();

  await test.step("what cannot be sent says why", async () => {
    await page.keyboard.type("200%");
    await expect(form.getByRole("status")).toHaveClass(/is-behind/);
    await form.getByLabel(words("send.much")).fill("abc");
    await expect(form.getByRole("status")).toHaveClass(/is-behind/);
    await form.getByLabel(words("send.find")).fill("nobody is called this");
    await form.getByLabel(words("send.much")).fill("10%");
    await expect(form.getByRole("status")).toContainText(words("send.nobody"));
  });

  await test.step("both are told before and after, and it is done", async () => {
    await form.getByLabel(words("send.find")).fill(taker.name);
    await form.getByLabel(words("send.to")).selectOption(taker.node);
    await expect(form.getByRole("status")).toContainText(taker.name);
    await expect(form.getByRole("status")).not.toHaveClass(/is-behind/);
    await picture(page, "send-1-to");
    await form.getByLabel(words("send.find")).press("Enter");
    await expect(form).toHaveCount(0);
    const part = Math.round(gives / 10);
    await expect.poll(() => total(giver.node)).toBe(gives - part);
    expect(await total(taker.node)).toBe(takes + part);
    expect(await total("0"), "the whole stays").toBe(whole);
    await saved(page);
    await page.keyboard.press("Control+z");
    await expect.poll(() => total(giver.node)).toBe(gives);
  });
});

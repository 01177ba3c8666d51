// Two planners give the same row levels of its own: the later one is told what the first set, keeps what was typed, and takes that over
// or saves anyway. Each level says by itself what follows above.
import type { Page } from "@playwright/test";
import { expect, test } from "../fixtures/attain.ts";
import { enter, newDraft } from "../pages/company.ts";
import { openSplit } from "../pages/split.ts";

test.use({ serving: { demo: true } });

const panelOf = (page: Page) => page.locator("[data-panel=levels]");
const ownOf = (page: Page, level: string) => panelOf(page).locator(`input[name=own-level-${level}]`);

/** Selects a row and unfolds its levels. */
async function open(page: Page, at: number, field: string): Promise<void> {
  const row = page.locator(".grid .tr[data-node]").nth(at);
  await row.focus();
  await expect(row).toHaveClass(/selected/);
  const input = panelOf(page).locator(`input[name=${field}]`);
  await expect(async () => {
    if (!(await input.isVisible())) await panelOf(page).locator("summary").first().click();
    await expect(input).toBeVisible({ timeout: 2_000 });
  }).toPass();
}

test("levels of a row that somebody else set meanwhile are told before they are replaced", async ({ page, another, words, picture }) => {
  test.setTimeout(120_000);
  const second = await another();
  await enter(page, words, "planner");
  const version = await newDraft(page, words);
  await open(page, 0, "row-level-stretch");
  await panelOf(page).locator("input[name=row-level-floor]").fill("90 %");
  await panelOf(page).locator("input[name=row-level-stretch]").fill("110 %");
  await panelOf(page).locator("[data-save=levels]").click();
  await expect(panelOf(page).locator("tr[data-level=stretch]")).toHaveAttribute("data-minor", /\d/);
  await enter(second, words, "planner");
  await openSplit(second, version);

  const alert = panelOf(page).locator("[data-part=own-levels] [role=alert]");
  const save = panelOf(page).locator("[data-save=own-levels]");
  const told = (of: Page) => panelOf(of).locator("p[data-own=stretch]");
  const setByOther = async (text: string) => {
    await open(second, 1, "own-level-stretch");
    await ownOf(second, "stretch").fill(text);
    await panelOf(second).locator("[data-save=own-levels]").click();
    await expect(told(second)).toContainText(text);
  };

  await test.step("what was typed stays, and who saves is told what the other set", async () => {
    await open(page, 1, "own-level-stretch");
    await expect(ownOf(page, "stretch"), "what it is while it is left blank").toHaveAttribute("placeholder", "110 %");
    await ownOf(page, "stretch").fill("130 %");
    await setByOther("120 %");
    await save.click();
    await expect(alert).toContainText("120 %");
    await expect(ownOf(page, "stretch")).toHaveValue("130 %");
    await expect(save).toHaveText(words("levels.own_anyway"));
    await expect(told(second), "nothing was overwritten").toContainText("120 %");
    await picture(page, "levels-meanwhile-1-told");
  });

  await test.step("what the other set is taken over", async () => {
    await panelOf(page).getByRole("button", { name: words("levels.own_theirs"), exact: true }).click();
    await expect(ownOf(page, "stretch")).toHaveValue("120 %");
    await expect(told(page)).toContainText("120 %");
    await expect(save).toHaveText(words("levels.own_save"));
    await expect(save, "the keyboard goes on at the button").toBeFocused();
  });

  await test.step("or it is replaced by who was told of it", async () => {
    await ownOf(page, "stretch").fill("130 %");
    await setByOther("125 %");
    await save.click();
    await expect(alert).toContainText("125 %");
    await save.click();
    await expect(told(page)).toContainText("130 %");
    await expect(told(second)).toContainText("130 %");
  });

  await test.step("each level says by itself whether the rows above follow", async () => {
    const follows = (level: string) => panelOf(page).locator(`input[name=own-level-follows-${level}]`);
    await expect(follows("stretch")).toBeChecked();
    await expect(follows("floor"), "what it has not of its own moves nothing above").toHaveCount(0);
    await ownOf(page, "floor").fill("89 %");
    await follows("floor").uncheck();
    await save.click();
    await expect(panelOf(page).locator("p[data-own=floor]")).toContainText("89 %");
    await expect(follows("floor")).not.toBeChecked();
    await expect(follows("stretch")).toBeChecked();
  });
  await second.context().close();
});

test("levels of the whole plan that somebody else decided meanwhile are told before they are replaced", async ({ page, another, words, picture }) => {
  test.setTimeout(120_000);
  const second = await another();
  await enter(page, words, "planner");
  const version = await newDraft(page, words);
  await enter(second, words, "planner");
  await second.goto(`/split?version=${version}`);
  await second.locator(".grid .tr[data-node]").nth(1).waitFor();

  const wholeOf = (of: Page, level: string) => panelOf(of).locator(`input[name=row-level-${level}]`);
  const save = panelOf(page).locator("[data-save=levels]");
  const theirs = panelOf(page).locator("[data-part=plan-theirs]");
  const alert = panelOf(page).locator("[role=alert]").first();
  const amount = (of: Page, level: string) => panelOf(of).locator(`tr[data-level=${level}]`);
  const setByOther = async (text: string) => {
    await open(second, 0, "row-level-stretch");
    await wholeOf(second, "stretch").fill(text);
    const answered = second.waitForResponse((response) => response.url().endsWith("/api/app/target/levels"));
    await panelOf(second).locator("[data-save=levels]").click();
    expect((await answered).ok()).toBe(true);
    await expect(wholeOf(second, "stretch")).toHaveValue(text);
    await expect(amount(second, "stretch")).toHaveAttribute("data-minor", /\d/);
  };

  await test.step("what was typed stays, and who saves is told what the other set", async () => {
    await open(page, 0, "row-level-stretch");
    await wholeOf(page, "stretch").fill("115 %");
    await setByOther("110 %");
    await save.click();
    await expect(alert).toContainText("110 %");
    await expect(wholeOf(page, "stretch")).toHaveValue("115 %");
    await expect(save).toHaveText(words("levels.own_anyway"));
    await picture(page, "levels-meanwhile-2-plan");
  });

  await test.step("what the other set is taken over", async () => {
    await theirs.click();
    await expect(wholeOf(page, "stretch")).toHaveValue("110 %");
    await expect(save).toHaveText(words("target.levels_save"));
    await expect(theirs).toHaveCount(0);
  });

  await test.step("or it is replaced by who was told of it", async () => {
    await wholeOf(page, "stretch").fill("125 %");
    await setByOther("120 %");
    await save.click();
    await expect(alert).toContainText("120 %");
    await save.click();
    await expect(wholeOf(second, "stretch"), "the other sees it").toHaveValue("125 %");
    await expect(wholeOf(page, "stretch")).toHaveValue("125 %");
  });
  await second.context().close();
});

// Staff changes: what a leaver does to the numbers is shown first, then a draft is made; leave is entered; and everybody can ask
// what their number was on a day.
import type { Locator } from "@playwright/test";
import { expect, test } from "../fixtures/attain.ts";
import { serious } from "../pages/axe.ts";
import { enter } from "../pages/company.ts";
import { speaks } from "../pages/language.ts";

test.use({ serving: { demo: true } });

/** The brackets around the units of somebody, in either language. */
const bracket = /[(（]/;
/** The first unit of somebody, out of what the list says. */
const unitOf = (text: string | null): string => /[(（]([^,、)）]+)/.exec(text ?? "")?.[1] ?? "";

test("somebody leaves: seen before and after, made a draft, and the leave of others is entered", async ({ page, words, watch, picture }) => {
  // Who leads a unit has no number of their own, and the first who is found may be one of them.
  watch.expect(/status of 409/);
  await enter(page, words, "planner");
  await page.goto("/split/staffing");
  const change = page.locator("[data-card=change]");
  await expect(change).toBeVisible();

  await test.step("the effect is shown by unit and person, and the whole plan stays", async () => {
    const sellers = change.locator("select[name=who] option", { hasText: bracket });
    await expect(sellers.first()).toBeAttached();
    const who = (await sellers.first().getAttribute("value")) ?? "";
    await change.locator("select[name=who]").selectOption(who);
    const shown = change.locator("[data-preview]");
    await expect(shown).toBeVisible();
    expect(await shown.getAttribute("data-before")).toBe(await shown.getAttribute("data-after"));
    // The units above come first, down to the one it is about.
    await expect(shown.locator("tr[data-of=unit]").nth(1)).toBeVisible();
    const leaver = shown.locator("tr[data-of=row]").first();
    const [before, after] = [await leaver.getAttribute("data-before"), await leaver.getAttribute("data-after")];
    expect(Number(before) + Number(after)).toBeGreaterThan(0);
    await shown.locator("summary").click();
    await picture(page, "staffing-1-preview");
  });

  await test.step("each number opens a card that sums to it exactly, before and after, by period too", async () => {
    const shown = change.locator("[data-preview]");
    const dialog = page.locator("dialog[open]");
    const minor = async (place: Locator) => Number(await place.getAttribute("data-minor"));
    const leaver = shown.locator("tr[data-of=row]").first();
    await leaver.locator("[data-asks=after]").click();
    const card = dialog.locator("[data-card=after]");
    await expect(card.locator(".step").nth(1)).toBeVisible();
    const steps = await card.locator(".step").evaluateAll((steps) => steps.map((step) => Number(step.getAttribute("data-minor"))));
    expect(steps.reduce((sum, step) => sum + step, 0)).toBe(Number(await leaver.getAttribute("data-after")));
    expect(steps[0], "it begins with what was before").toBe(Number(await leaver.getAttribute("data-before")));
    await page.keyboard.press("Escape");
    await expect(dialog).toHaveCount(0);
    // By keyboard: the published number tells its own steps.
    await leaver.locator("[data-asks=before]").focus();
    await page.keyboard.press("Enter");
    const total = dialog.locator("[data-figure=why-total]");
    await expect(total).toBeVisible();
    expect(await minor(total)).toBe(Number(await leaver.getAttribute("data-before")));
    await page.keyboard.press("Escape");
    await expect(dialog).toHaveCount(0);
    // The difference tells what is moved, which is what the other two differ in: its steps sum to it exactly.
    const difference = leaver.locator("[data-asks=difference]");
    await expect(difference).toHaveText(/\d/);
    await difference.click();
    const moved = dialog.locator("[data-card=difference]");
    await expect(moved.locator(".step").first()).toBeVisible();
    const moves = await moved.locator(".step").evaluateAll((steps) => steps.map((step) => Number(step.getAttribute("data-minor"))));
    const between = Number(await leaver.getAttribute("data-after")) - Number(await leaver.getAttribute("data-before"));
    expect(between).not.toBe(0);
    expect(moves.reduce((sum, step) => sum + step, 0)).toBe(between);
    expect(moves, "the same as on the way from the one to the other").toEqual(steps.slice(1));
    expect(await minor(moved.locator("[data-figure=difference-total]"))).toBe(between);
    await picture(page, "staffing-8-difference");
    await page.keyboard.press("Escape");
    await expect(dialog).toHaveCount(0);
    // A period whose number changes has two: the second one tells the change.
    await shown.locator("details [data-asks=after]").first().click();
    await expect(card).toBeVisible();
    const inPeriod = await card.locator(".step").evaluateAll((steps) => steps.map((step) => Number(step.getAttribute("data-minor"))));
    expect(inPeriod.reduce((sum, step) => sum + step, 0)).toBe(await minor(card.locator("[data-figure=after-total]")));
    await page.keyboard.press("Escape");
    await expect(dialog).toHaveCount(0);
  });

  await test.step("it stays nobody's where that is chosen", async () => {
    await change.locator("select[name=rest]").selectOption("nobody");
    await expect(change.locator("[data-preview]")).toContainText(/暂无人承担|carried by nobody yet/);
  });

  await test.step("without a reason there is no draft", async () => {
    const make = change.getByRole("button", { name: words("staffing.open"), exact: true });
    await make.click();
    await expect(page.locator("#field-staffing-reason-note")).toHaveText(words("staffing.reason_missing"));
    await page.locator("input[name=staffing-reason]").fill("本人离职");
    await make.click();
    await expect(page).toHaveURL(/\/split\?version=/);
    await expect(page.getByRole("treegrid")).toBeVisible();
    await picture(page, "staffing-2-draft");
    await page.goto(page.url().replace("/split?", "/set/approval?"));
    await expect(page.getByText("本人离职")).toBeVisible();
  });

  await test.step("days of leave are entered and taken out", async () => {
    await page.goto("/split/staffing");
    const leave = page.locator("[data-card=leave]");
    await expect(leave.locator("select[name=away] option").first()).toBeAttached();
    await leave.locator("input[name=leave-from]").fill("2031-06-02");
    await leave.locator("input[name=leave-until]").fill("2031-06-07");
    await leave.getByRole("button", { name: words("staffing.leave_add"), exact: true }).click();
    const row = leave.locator("tr[data-leave]");
    await expect(row).toHaveCount(1);
    await picture(page, "staffing-3-leave");
    await row.getByRole("button", { name: words("staffing.leave_remove"), exact: true }).click();
    await expect(row).toHaveCount(0);
  });
});

test("leave that cannot be read is not shown as none", async ({ page, words, watch, picture }) => {
  // The question is broken off.
  watch.expect(/net::ERR_FAILED/);
  await enter(page, words, "planner");
  await page.route("**/api/app/staffing/leave", (route) => route.abort());
  await page.goto("/split/staffing");
  const leave = page.locator("[data-card=leave]");
  await expect(leave.locator("select[name=away] option").first()).toBeAttached();
  await expect(leave).toContainText(words("staffing.leave_failed"));
  await expect(leave.getByRole("alert")).not.toBeEmpty();
  await expect(leave.getByText(words("staffing.leave_none"))).toHaveCount(0);
  await picture(page, "staffing-8-leave-unread");
  await page.unroute("**/api/app/staffing/leave");
  await leave.getByRole("button", { name: words("ui.retry"), exact: true }).click();
  await expect(leave.getByText(words("staffing.leave_none"))).toBeVisible();
  await expect(leave.locator("[data-leave-failed]")).toHaveCount(0);
});

test("a merger says what is missing, and is readable on a phone", async ({ page, words, watch, picture }) => {
  // Who leads a unit has no number of their own, and the first who is found may be one of them.
  watch.expect(/status of 409/);
  await enter(page, words, "planner");
  await page.goto("/split/staffing");
  const change = page.locator("[data-card=change]");
  const sellers = change.locator("select[name=who] option", { hasText: bracket });
  await expect(sellers.first()).toBeAttached();
  // Beside each other: a region does not go into one of its own teams.
  const units = new Set((await sellers.allTextContents()).map(unitOf));
  const [ending = "", other = ""] = [...units].filter((unit) => /组|team/i.test(unit));
  expect(other).not.toBe("");
  const lacks = change.locator("[data-lacks]");
  await change.locator("select[name=kind]").selectOption("merger");
  await expect(lacks).toHaveText(words("staffing.lacks_unit"));
  const [ended, into] = [change.locator("select[name=ended]"), change.locator("select[name=to]")];
  await expect(ended).toHaveValue("");
  await ended.selectOption({ label: ending });
  await into.selectOption({ label: ending });
  await expect(lacks).toHaveText(words("staffing.lacks_other_unit"));
  await into.selectOption({ label: other });
  const shown = change.locator("[data-preview]");
  await expect(shown).toBeVisible();
  await page.setViewportSize({ width: 390, height: 844 });
  // A row is a card: who it is, below it each number with what it is, then why it changes; nothing goes to the side.
  const card = shown.locator("tr[data-key]").first();
  await card.scrollIntoViewIfNeeded();
  let below = -1;
  for (const cell of await card.locator("td").all()) {
    const box = await cell.boundingBox();
    expect(box?.x ?? -1).toBeGreaterThanOrEqual(0);
    expect((box?.x ?? 0) + (box?.width ?? Infinity)).toBeLessThanOrEqual(390);
    expect(box?.y ?? -1, "on a line of its own").toBeGreaterThan(below);
    below = box?.y ?? Infinity;
  }
  await expect(card.locator("td.num[data-label]")).toHaveCount(3);
  await expect(card.locator("td.effect")).toHaveAttribute("data-label", words("staffing.effect"));
  expect(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth)).toBe(true);
  await picture(page, "staffing-6-merger");

  await test.step("days of leave that lack something say what", async () => {
    const needed = page.locator("[data-needed=leave]");
    await expect(needed).toHaveText(words("staffing.lacks_until"));
  });
});

test("somebody new is entered where they join @english", async ({ page, words, watch, picture, language }) => {
  // Whoever is found first has a number already.
  watch.expect(/status of 409/);
  await page.emulateMedia({ reducedMotion: "reduce" });
  await enter(page, words, "owner");
  await page.goto("/split/staffing");
  const change = page.locator("[data-card=change]");
  const seller = change.locator("select[name=who] option", { hasText: bracket }).first();
  await expect(seller).toBeAttached();
  const unit = unitOf(await seller.textContent());
  await change.locator("select[name=kind]").selectOption("joiner");
  await change.locator("[data-newcomer] summary").click();
  const name = `${language === "en" ? "New colleague " : "新来的同事"}${Date.now()}`;
  await change.locator("input[name=newcomer-name]").fill(name);
  await change.locator("input[name=newcomer-external]").fill(`NEW-${Date.now()}`);
  await change.getByRole("button", { name: words("staffing.newcomer_add"), exact: true }).click();
  await expect(change.locator("select[name=who] option")).toHaveText([name]);
  await change.locator("select[name=to]").selectOption({ label: unit });
  await change.locator("select[name=source]").selectOption("colleagues");
  const shown = change.locator("[data-preview]");
  await expect(shown).toContainText(name);
  expect(await shown.getAttribute("data-before")).toBe(await shown.getAttribute("data-after"));
  await picture(page, "staffing-7-newcomer");
  await page.locator("input[name=staffing-reason]").fill(language === "en" ? "More hands" : "补充人手");
  await speaks(page, language);
  expect(await serious(page, "[data-card=change]")).toEqual([]);
  const make = change.getByRole("button", { name: words("staffing.open"), exact: true });
  await make.dblclick();
  await expect(page).toHaveURL(/\/split\?version=/);
});

test("a list of leave is imported, shown to who plans, and taken out of the calendar", async ({ page, words, picture }) => {
  await enter(page, words, "planner");
  await page.goto("/split/staffing");
  const first = page.locator("[data-card=leave] select[name=away] option").first();
  await expect(first).toBeAttached();
  const name = ((await first.textContent()) ?? "").trim();
  const away = page.locator("[data-card=away]");
  await expect(away.getByText(words("staffing.away_none"))).toBeVisible();

  await test.step("rows that cannot be taken over say why, the others are written", async () => {
    await away.getByRole("link", { name: words("staffing.away_import"), exact: true }).click();
    await expect(page).toHaveURL(/\/data\/import/);
    const text =
      "姓名,请假类型,开始日期,结束日期,请假事由\n" +
      `${name},年假,2031-06-02,2031-06-06,回家\n${name},病假,2031-06-05,2031-06-09,\n`;
    const file = { name: "leave.csv", mimeType: "text/csv", buffer: Buffer.from(text) };
    await page.locator("input[type=file]").setInputFiles([file]);
    const outcome = page.locator(".import-outcome");
    await expect(outcome).toHaveAttribute("data-status", "done", { timeout: 60_000 });
    await expect(outcome.locator("[data-count=created] dd")).toHaveText("1");
    await expect(outcome.locator(".problem")).toHaveCount(1);
    await picture(page, "staffing-4-leave-checked");
    await outcome.locator("button.primary").click();
    await expect(outcome).toHaveAttribute("data-dry", "false", { timeout: 60_000 });
    await expect(outcome).toHaveAttribute("data-status", "done", { timeout: 60_000 });
  });

  await test.step("who is away is listed, found by name, and taken out", async () => {
    await page.getByRole("link", { name: words("import.done_leave"), exact: true }).click();
    await expect(page).toHaveURL(/\/split\/staffing/);
    const row = away.locator("tr[data-away]");
    await expect(row).toHaveCount(1);
    await expect(row).toContainText(name);
    await away.locator("input[name=calendar-query]").fill("zzzz");
    await expect(row).toHaveCount(0);
    await away.locator("input[name=calendar-query]").fill(name);
    await expect(row).toHaveCount(1);
    await picture(page, "staffing-5-away");
    await row.getByRole("button", { name: words("staffing.leave_remove") }).click();
    await expect(row).toHaveCount(0);
  });
});

test("my number on a day is asked by a plain form", async ({ page, words, picture }) => {
  await enter(page, words, "rep");
  await page.goto("/my-target");
  const asked = page.locator(".number-on");
  const today = await page.evaluate(() => new Date().toLocaleDateString("sv-SE", { timeZone: "Asia/Shanghai" }));
  await asked.locator("input[name=on]").fill(today);
  await asked.getByRole("button", { name: words("number_on.show"), exact: true }).click();
  await expect(page).toHaveURL(new RegExp(`on=${today}`));
  await expect(asked.locator("[data-minor]").first()).toBeVisible();
  await picture(page, "number-on-today");
  await asked.locator("input[name=on]").fill("2001-05-01");
  await asked.getByRole("button", { name: words("number_on.show"), exact: true }).click();
  await expect(page).toHaveURL(/on=2001-05-01/);
  await expect(asked.locator("[data-minor]")).toHaveCount(0);
  await expect(asked.locator("p.muted")).toBeVisible();
});

test("who plans asks what somebody's number was on a day", async ({ page, words, picture }) => {
  await enter(page, words, "planner");
  await page.goto("/split");
  const rows = page.locator(".grid .tr[data-node]");
  await rows.first().waitFor();
  const list = await rows.evaluateAll((all) =>
    all.map((row) => ({ level: Number(row.getAttribute("aria-level")), name: row.getAttribute("data-name") ?? "" })),
  );
  const deepest = Math.max(...list.map(({ level }) => level));
  const name = list.find(({ level }) => level === deepest)?.name ?? "";
  await page.goto("/split/staffing");
  const card = page.locator("[data-card=number-on]");
  const show = card.getByRole("button", { name: words("number_on.show"), exact: true });
  await card.getByLabel(words("people.find")).fill(name);
  await expect(card.getByLabel(words("staffing.who")).locator("option:checked")).toContainText(name);
  await show.click();
  await expect(card.locator("[data-figure=number-on]").first()).toBeVisible();
  await picture(page, "number-on-of-member");
  await card.getByLabel(words("number_on.day")).fill("2001-05-01");
  await expect(card.locator("[data-figure=number-on]"), "another day has another answer").toHaveCount(0);
  await show.click();
  await expect(card.locator("p.muted")).toBeVisible();
});

test("on a phone the way from the split to staff changes is below the tools", async ({ page, words, watch }) => {
  // Who leads a unit has no number of their own, and the first who is found may be one of them.
  watch.expect(/status of 409/);
  await page.setViewportSize({ width: 390, height: 844 });
  await enter(page, words, "planner");
  await page.goto("/split");
  await expect(page.locator(".grid .tr[data-node]").first()).toBeVisible();
  const way = page.locator(".tools [data-part=staffing]");
  await expect(way).toHaveCount(0);
  await page.getByRole("button", { name: words("split.more_tools"), exact: true }).click();
  await way.click();
  await expect(page).toHaveURL(/\/split\/staffing\?version=/);
  await expect(page.locator("[data-card=change]")).toBeVisible();
});

// Leave in the calendar and the numbers it touches: told, led to, edited and put back.
import type { Locator } from "@playwright/test";
import { expect, test } from "../fixtures/attain.ts";
import { enter } from "../pages/company.ts";

test.use({ serving: { demo: true, today: "2026-05-15" } });

/** The brackets around the units of somebody, in either language. */
const bracket = /[(（]/;

test("leave leads to the numbers it touches, is changed, and comes back after it was taken out", async ({ page, words, watch, picture }) => {
  // Who leads a unit has no number of their own, and the first who is found may be one of them.
  watch.expect(/status of 409/);
  await enter(page, words, "planner");
  await page.goto("/split/staffing");
  const change = page.locator("[data-card=change]");
  const leave = page.locator("[data-card=leave]");
  const away = page.locator("[data-card=away]");
  const who = change.locator("select[name=who]");
  const seller = who.locator("option", { hasText: bracket }).first();
  await expect(seller).toBeAttached();
  const member = (await seller.getAttribute("value")) ?? "";
  const name = ((await seller.textContent()) ?? "").split(bracket)[0]?.trim() ?? "";
  expect(name).not.toBe("");
  const [from, until] = [leave.locator("input[name=leave-from]"), leave.locator("input[name=leave-until]")];
  const row = leave.locator("tr[data-leave]");
  const remove = (of: Locator) => of.getByRole("button", { name: words("staffing.leave_remove"), exact: true });
  // What is told covers nothing that is pressed next.
  const told = async (text: string, then: (toast: Locator) => Promise<void>) => {
    const toast = page.locator(".toast", { hasText: text });
    await expect(toast).toBeVisible();
    await then(toast);
  };
  const close = async (toast: Locator) => {
    await expect(toast.getByRole("button", { name: words("staffing.leave_adjust"), exact: true })).toBeVisible();
    await toast.getByRole("button", { name: words("ui.close"), exact: true }).click();
    await expect(toast).toHaveCount(0);
  };

  await test.step("days within the plan on record are entered: that its numbers do not follow is told", async () => {
    await leave.locator("input[name=away-query]").fill(name);
    await expect(leave.locator(`select[name=away] option[value="${member}"]`)).toBeAttached();
    await leave.locator("select[name=away]").selectOption(member);
    await from.fill("2026-06-01");
    await until.fill("2026-06-13");
    await leave.locator("select[name=leave-kind]").selectOption("sick");
    await leave.getByRole("button", { name: words("staffing.leave_add"), exact: true }).click();
    await expect(row).toHaveCount(1);
    await told(words("staffing.leave_touches"), close);
  });

  await test.step("they are changed", async () => {
    await row.getByRole("button", { name: words("staffing.leave_edit"), exact: true }).click();
    await expect(until).toHaveValue("2026-06-13");
    // The keyboard goes on where the days are, also after it is left off; what is changed is said by the form.
    const form = leave.locator("[data-entering]");
    await expect(form).toHaveAttribute("data-entering", "true");
    await expect(form).toBeFocused();
    await expect(form).toHaveAttribute("aria-label", new RegExp(`^${words("staffing.leave_edit")} .*12`));
    await form.getByRole("button", { name: words("ui.cancel"), exact: true }).click();
    await expect(form).toHaveAttribute("data-entering", "false");
    await expect(form).toBeFocused();
    await row.getByRole("button", { name: words("staffing.leave_edit"), exact: true }).click();
    await expect(form).toHaveAttribute("data-entering", "true");
    await until.fill("2026-06-09");
    await leave.getByRole("button", { name: words("staffing.leave_change"), exact: true }).click();
    await told(words("staffing.leave_touches"), close);
    await expect(leave.getByRole("button", { name: words("staffing.leave_add"), exact: true })).toBeVisible();
    await expect(row).toHaveCount(1);
  });

  await test.step("they are taken out, and are back", async () => {
    await remove(row).focus();
    await page.keyboard.press("Enter");
    await expect(row).toHaveCount(0);
    await expect(leave.getByRole("heading"), "the button that was pressed is gone").toBeFocused();
    await told(words("staffing.leave_removed"), async (toast) => {
      await expect(toast).toContainText(name);
      await toast.getByRole("button", { name: words("split.undo"), exact: true }).click();
    });
    await expect(row).toHaveCount(1);
    await expect(away.locator("tr[data-away]")).toHaveCount(1);
  });

  await test.step("of several that one is taken out of, the keyboard goes on with those that are left", async () => {
    const left = (await row.getAttribute("data-leave")) ?? "";
    await from.fill("2026-06-20");
    await until.fill("2026-06-24");
    await leave.getByRole("button", { name: words("staffing.leave_add"), exact: true }).click();
    await expect(row).toHaveCount(2);
    await told(words("staffing.leave_touches"), close);
    await remove(row.nth(1)).focus();
    await page.keyboard.press("Enter");
    await expect(row).toHaveCount(1);
    await expect(remove(row)).toBeFocused();
    await expect(row).toHaveAttribute("data-leave", left);
    await told(words("staffing.leave_removed"), async (toast) => {
      await toast.getByRole("button", { name: words("ui.close"), exact: true }).click();
    });
    await expect(away.locator("tr[data-away]")).toHaveCount(1);
  });

  await test.step("the change of the numbers is filled in with them", async () => {
    await away.locator("tr[data-away]").getByRole("link", { name: words("staffing.leave_adjust") }).click();
    await expect(page).toHaveURL(/\/split\/staffing\?leave=/);
    await expect(change.locator("select[name=kind]")).toHaveValue("leave");
    await expect(who).toHaveValue(member);
    await expect(change.locator("input[name=on]")).toHaveValue("2026-06-01");
    await expect(change.locator("input[name=until]")).toHaveValue("2026-06-09");
    await expect(change.locator("select[name=why]")).toHaveValue("sick");
    const shown = change.locator("[data-preview]");
    await expect(shown).toContainText(name);
    expect(await shown.getAttribute("data-before")).toBe(await shown.getAttribute("data-after"));
    await picture(page, "staffing-8-leave-led");
  });

  await test.step("days that are changed there are filled in anew", async () => {
    await away.locator("tr[data-away]").getByRole("button", { name: words("staffing.leave_edit") }).click();
    await expect(leave.locator("[data-entering=true]")).toBeFocused();
    await expect(leave.locator("select[name=away]")).toHaveValue(member);
    await until.fill("2026-06-11");
    await leave.getByRole("button", { name: words("staffing.leave_change"), exact: true }).click();
    await told(words("staffing.leave_touches"), async (toast) => {
      await toast.getByRole("button", { name: words("staffing.leave_adjust"), exact: true }).click();
    });
    await expect(change.locator("input[name=until]")).toHaveValue("2026-06-11");
    await expect(who).toHaveValue(member);
  });
});

// A draft on its way: changed in Excel and taken back, handed in, sent back with a reason, approved, published; and the plan
// of record adjusted during the year.
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Locator } from "@playwright/test";
import { expect, test } from "../fixtures/attain.ts";
import { typedOver } from "../fixtures/workbook.ts";
import { enter, letApprove, newDraft } from "../pages/company.ts";

test.use({ serving: { demo: true } });

test("a draft is changed in Excel, approved by the chain, published and adjusted", async ({ page, server, words, picture, watch }) => {
  test.setTimeout(120_000);
  // A threshold that is no threshold is refused.
  watch.expect(/status of 400/);
  const dialog = page.locator("dialog[open]");
  const act = async (name: string, reason?: string) => {
    // A press before the page is alive is lost.
    await expect(async () => {
      if ((await dialog.count()) === 0) await page.getByRole("button", { name, exact: true }).click({ timeout: 2_000 });
      await expect(dialog).toBeVisible({ timeout: 2_000 });
    }).toPass({ timeout: 30_000 });
    if (reason !== undefined) await dialog.locator("textarea[name=reason]").fill(reason);
    await dialog.getByRole("button", { name, exact: true }).click();
    await expect(dialog).toHaveCount(0);
  };

  await test.step("the owner chooses who approves", async () => {
    await enter(page, words, "owner");
    await letApprove(page, words, "owner");
    await picture(page, "approval-1-chain");
  });

  await enter(page, words, "planner");
  const version = await newDraft(page, words);
  const here = `/set/approval?version=${version}`;

  await test.step("who looks on is told that it is approved before it is published", async () => {
    await enter(page, words, "manager");
    await page.goto(`/split?version=${version}`);
    await expect(page.locator("[data-publishes=others]")).toHaveText(words("publishing.by_approval"));
    await enter(page, words, "planner");
  });

  await test.step("a number is changed in Excel, and comes back with the difference shown first", async () => {
    await page.goto(`/split/workbook?version=${version}`);
    const download = page.waitForEvent("download");
    await page.getByRole("link", { name: words("workbook.export") }).click();
    const path = join(server.folder, "changed.xlsx");
    const written = await readFile(await (await download).path());
    await writeFile(path, typedOver(written, "F", 1_000));
    await page.locator("input[name=file]").setInputFiles(path);
    await expect(page.locator("[data-changes]")).toHaveAttribute("data-changes", "1");
    await picture(page, "approval-2-workbook");
    await page.getByRole("button", { name: words("workbook.write", { count: 1 }) }).click();
    await expect(page).toHaveURL(new RegExp(`/split\\?version=${version}`));
  });

  await test.step("it is handed in and sent back with a reason", async () => {
    await page.goto(here);
    await act(words("approval.submit"), "请过目");
    await expect(page.getByRole("button", { name: words("approval.take_back"), exact: true })).toBeVisible();
    await enter(page, words, "owner");
    await page.goto(here);
    await expect(page.locator("[data-queue=mine] li")).toHaveCount(1);
    await expect(page.locator("[data-card=numbers] tr[data-node]").first()).toBeVisible();
    await expect(page.locator("[data-card=before] [data-measure]").first(), "how fair it is").toBeVisible({ timeout: 60_000 });
    await picture(page, "approval-3-in-review");
    await page.getByRole("button", { name: words("approval.send_back"), exact: true }).click();
    await dialog.getByRole("button", { name: words("approval.send_back"), exact: true }).click();
    await expect(dialog.getByRole("alert"), "not without a reason").toHaveText(words("approval.reason_missing"));
    await dialog.getByRole("button", { name: words("split.publish_no"), exact: true }).click();
    await act(words("approval.send_back"), "华东再看一下");
    await expect(page.locator("[data-decision=returned]")).toContainText("华东再看一下");
  });

  await test.step("it is handed in again, approved and published", async () => {
    await enter(page, words, "planner");
    await page.goto(here);
    await expect(page.locator("[data-decision=returned]")).toContainText("华东再看一下");
    await act(words("approval.submit"), "已核对");
    await enter(page, words, "owner");
    await page.goto(here);
    await act(words("approval.approve"));
    await expect(page.locator("[data-decision=approved]")).toHaveCount(1);
    await act(words("split.publish"));
    await expect(page.locator("[data-decision=approved]")).toHaveCount(1);
    await picture(page, "approval-4-published");
  });

  await test.step("the plan of record is adjusted, from what is booked and what is expected", async () => {
    const open = page.getByRole("button", { name: words("approval.adjust_open"), exact: true }).last();
    await open.click();
    await expect(page.locator("#field-revision-reason-note")).toHaveText(words("approval.reason_missing"));
    await page.locator("input[name=revision-reason]").fill("年中重新看一遍");
    await open.click();
    await expect(page).toHaveURL(/\/split\?version=/);
    await expect(page.getByRole("treegrid")).toBeVisible();
    await picture(page, "approval-5-revision");
    await page.goto(page.url().replace("/split?", "/set/approval?"));
    await expect(page.getByText("年中重新看一遍")).toBeVisible();
    await picture(page, "approval-6-adjusted");
  });

  await test.step("a rule that is changed holds at once", async () => {
    // The plan is in months: their ends can call for it to be looked at again, and those of quarters and halves.
    for (const rule of ["month_end", "quarter_end", "half_end"]) await expect(page.locator(`[data-rule=${rule}]`)).toBeVisible();
    const pace = page.locator("[data-rule=pace]");
    await pace.getByRole("checkbox").check();
    await expect(page.getByText(words("approval.chain_saved"), { exact: true }).first()).toBeVisible();
    await pace.locator("input[name=threshold]").fill("0");
    await pace.locator("input[name=threshold]").press("Enter");
    await expect(pace.getByRole("alert")).not.toBeEmpty();
    // What is no number is said at the field, and is not sent as one.
    await pace.locator("input[name=threshold]").fill("ten");
    await pace.locator("input[name=threshold]").press("Enter");
    await expect(pace.getByRole("alert")).toHaveText(words("approval.rule_no_number"));
    await expect(pace.locator("input[name=threshold]")).toHaveAttribute("aria-invalid", "true");
    await pace.locator("input[name=threshold]").fill("7.5");
    const saved = page.waitForResponse((response) => response.url().endsWith("/api/app/revision/rule") && response.ok());
    await pace.locator("input[name=threshold]").press("Enter");
    await (await saved).finished();
    await expect(pace.getByRole("alert")).toBeEmpty();
    await page.reload();
    await expect(pace.getByRole("checkbox")).toBeChecked();
    await expect(pace.locator("input[name=threshold]")).toHaveValue("7.5");
  });
});

test("what one writes in Approval is not taken away by what another does", async ({ page, words }) => {
  await enter(page, words, "planner");
  const version = await newDraft(page, words);
  const here = `/set/approval?version=${version}`;
  await page.goto(here);
  const remark = page.locator("textarea[name=remark]");
  const reason = page.locator("input[name=revision-reason]");
  const begin = page.locator("select[name=revise-begin]");
  const threshold = page.locator("[data-rule=pace] input[name=threshold]");

  const other = await page.context().newPage();
  await other.goto(here);
  const says = async (text: string) => {
    const fetched = page.waitForResponse((response) => response.url().endsWith("/api/app/remark/list"));
    const loaded = page.waitForResponse((response) => response.url().endsWith("/api/app/approval/load"));
    await other.locator("textarea[name=remark]").fill(text);
    await other.getByRole("button", { name: words("approval.remark_send"), exact: true }).first().click();
    await expect(other.locator(".thread")).toContainText([text]);
    await (await fetched).finished();
    await (await loaded).finished();
  };
  // What came while a field had the focus is shown once it is left, and the parts around are loaded again.
  const leave = async (field: Locator) => {
    const again = page.waitForResponse((response) => response.url().endsWith("/api/app/revision/load"));
    await field.blur();
    await (await again).finished();
  };
  const threads = page.locator(".thread");

  await test.step("while a field has the focus nothing moves; then the others come, and what was begun stays", async () => {
    await begin.selectOption("make_up");
    await reason.fill("年中");
    await remark.fill("写到一半");
    await says("第一句");
    await expect(remark).toBeFocused();
    await expect(remark).toHaveValue("写到一半");
    await expect(threads).toHaveCount(0);
    await leave(remark);
    await expect(threads).toHaveCount(1);
    await expect(remark).toHaveValue("写到一半");
    await expect(reason).toHaveValue("年中");
    await expect(begin).toHaveValue("make_up");
  });

  await test.step("a choice that is not the usual one holds nothing back", async () => {
    await says("第二句");
    await expect(threads).toHaveCount(2);
    await expect(begin).toHaveValue("make_up");
    await expect(reason).toHaveValue("年中");
  });

  const first = page.locator(".thread", { hasText: "第一句" }).locator("details");
  await test.step("an answer that was begun stays with its thread", async () => {
    await first.locator("summary").click();
    await first.locator("textarea").fill("回一半");
    await says("第三句");
    await expect(threads).toHaveCount(2);
    await leave(first.locator("textarea"));
    await expect(threads).toHaveCount(3);
    await expect(first).toHaveAttribute("open", "");
    await expect(first.locator("textarea")).toHaveValue("回一半");
  });

  await test.step("a threshold is typed in peace, and sent", async () => {
    await threshold.fill("17");
    await says("第四句");
    await expect(threshold).toBeFocused();
    await expect(threshold).toHaveValue("17");
    const saved = page.waitForResponse((response) => response.url().endsWith("/api/app/revision/rule") && response.ok());
    await page.keyboard.press("Enter");
    await (await saved).finished();
    await leave(threshold);
    await expect(threads).toHaveCount(4);
    await expect(threshold).toHaveValue("17");
  });

  await test.step("what one says oneself shows at once", async () => {
    await page.getByRole("button", { name: words("approval.remark_send"), exact: true }).first().click();
    await expect(threads).toHaveCount(5);
    await expect(threads.filter({ hasText: "写到一半" })).toHaveCount(1);
    await expect(remark).toHaveValue("");
    await expect(first.locator("textarea"), "the answer is not sent with it").toHaveValue("回一半");
  });
});

test.describe("in May", () => {
  test.use({ serving: { demo: true, today: "2026-05-15" } });

  test("the target stays, and what is missing is spread over what is left", async ({ page, words, picture }) => {
    test.setTimeout(120_000);
    await enter(page, words, "planner");
    await page.goto("/split");
    const total = page.locator("[data-figure=total]");
    const before = await total.getAttribute("data-minor");
    expect(Number(before)).toBeGreaterThan(0);
    await page.goto("/set/approval");
    await page.locator("select[name=revise-begin]").selectOption("make_up");
    const proposed = page.locator("[data-part=proposed]");
    const sum = proposed.locator("tr[data-sum=proposed]");
    // Of all rows where they fit one page, else of those of each page: nothing is left out and nothing counts twice.
    const adds = async () => {
      const read = async (name: string) => {
        let all = 0;
        for (const row of await proposed.locator(`tr[data-node]`).all()) all += Number(await row.getAttribute(name));
        return all;
      };
      await expect(proposed.locator("[data-pages=proposed]"), "the sample company fits a page").toHaveCount(0);
      for (const name of ["data-before", "data-after", "data-booked"]) expect(await read(name), name).toBe(Number(await sum.getAttribute(name)));
    };
    await page.getByRole("button", { name: words("approval.proposed_look"), exact: true }).click();
    await expect(sum).toBeVisible({ timeout: 60_000 });
    await adds();
    const shown = await sum.getAttribute("data-after");
    const name = (await proposed.locator("tr[data-node] td").first().locator("span").textContent()) ?? "";
    await proposed.locator("input[name=proposed-seek]").fill(name);
    await expect.poll(async () => await sum.getAttribute("data-after")).not.toBe(shown);
    await adds();
    await proposed.locator("input[name=proposed-seek]").fill("");
    await expect(sum).toHaveAttribute("data-after", shown ?? "");
    await picture(page, "approval-7a-proposed");
    await page.setViewportSize({ width: 390, height: 844 });
    const first = proposed.locator("tr[data-node]").first();
    for (const row of [sum, first]) {
      const numbers = row.locator("td.num");
      expect(await numbers.count()).toBe(4);
      let below = -1;
      for (const number of await numbers.all()) {
        const box = await number.boundingBox();
        expect(box?.x ?? -1, "on a phone no number is cut").toBeGreaterThanOrEqual(0);
        expect((box?.x ?? 0) + (box?.width ?? Infinity), "on a phone no number is cut").toBeLessThanOrEqual(390);
        expect(box?.y ?? -1, "each stands on a line of its own").toBeGreaterThan(below);
        below = box?.y ?? Infinity;
        const label = await number.evaluate((number) => getComputedStyle(number, "::before").content);
        expect(label, "and says what it is").not.toMatch(/^(none|normal)$/);
        await expect(number).toHaveAttribute("data-label", /\S/);
      }
    }
    const wide = await proposed.evaluate((part) => part.scrollWidth - part.clientWidth);
    expect(wide, "nothing goes to the side").toBeLessThanOrEqual(0);
    await picture(page, "approval-7b-proposed-phone");
    await page.setViewportSize({ width: 1440, height: 900 });
    await page.locator("input[name=revision-reason]").fill("补上半年的缺口");
    await page.getByRole("button", { name: words("approval.adjust_open"), exact: true }).last().click();
    await expect(page).toHaveURL(/\/split\?version=/);
    await expect(page.getByRole("treegrid")).toBeVisible();
    await expect(total).toHaveAttribute("data-minor", before ?? "");
    await page.goto(page.url().replace("/split?", "/set/approval?"));
    await expect(page.getByText("补上半年的缺口")).toBeVisible();
    const numbers = page.locator("[data-card=numbers]");
    await expect(numbers, "what is on record").toHaveAttribute("data-before", before ?? "");
    await expect(numbers, "is the target still").toHaveAttribute("data-after", before ?? "");
    await expect(numbers.locator("tr[data-node]").first()).toBeVisible();
    await expect(sum, "the draft is what was shown").toHaveAttribute("data-after", shown ?? "", { timeout: 60_000 });
    await adds();
    await picture(page, "approval-7-made-up");
  });

  test("what a rule proposes is seen before it is opened, and opened as it was seen", async ({ page, words, picture }) => {
    test.setTimeout(120_000);
    await enter(page, words, "planner");
    await page.goto("/split");
    const total = page.locator("[data-figure=total]");
    const target = (await total.getAttribute("data-minor")) ?? "";
    expect(Number(target)).toBeGreaterThan(0);
    await page.goto("/set/approval");
    const saved = page.waitForResponse((response) => response.url().endsWith("/api/app/revision/rule") && response.ok());
    await page.locator("[data-rule=month_end]").getByRole("checkbox").check();
    await (await saved).finished();
    const proposal = page.locator("[data-proposal]").first();
    await expect(async () => {
      await page.reload();
      await expect(proposal).toBeVisible({ timeout: 2_000 });
    }).toPass({ timeout: 60_000 });

    // What is missing is spread again, without anybody choosing that; what a person opens begins as before.
    const [begin, byHand] = [proposal.locator("select[name=proposal-begin]"), page.locator("select[name=revise-begin]")];
    await expect(begin).toHaveValue("make_up");
    await expect(byHand).toHaveValue("outlook");
    const sum = proposal.locator("tr[data-sum=proposed]");
    await expect(sum).toBeVisible({ timeout: 60_000 });
    await expect(proposal.locator("tr[data-node]").first()).toBeVisible();
    const spread = (await sum.getAttribute("data-after")) ?? "";
    expect(Number(spread)).toBeGreaterThan(0);
    await picture(page, "approval-8-proposal");

    // Another way is another table.
    await begin.selectOption("outlook");
    await expect.poll(async () => await sum.getAttribute("data-after"), { timeout: 60_000 }).not.toBe(spread);
    await expect(byHand, "it is the way of this proposal only").toHaveValue("outlook");
    await byHand.selectOption("make_up_teams");
    await expect(begin, "and that of a person is another").toHaveValue("outlook");
    await begin.selectOption("make_up");
    await expect(sum).toHaveAttribute("data-after", spread, { timeout: 60_000 });

    // Folded away it offers nothing to open: nobody opens what they did not see.
    const open = proposal.getByRole("button", { name: words("approval.adjust_open"), exact: true });
    const look = proposal.getByRole("button", { name: words("approval.proposal_look"), exact: true });
    await look.click();
    await expect(sum).toHaveCount(0);
    await expect(open).toHaveCount(0);
    await look.click();
    await expect(sum).toHaveAttribute("data-after", spread, { timeout: 60_000 });
    await open.click();
    await expect(page).toHaveURL(/\/split\?version=/);
    await expect(page.getByRole("treegrid")).toBeVisible();
    await expect(total, "spread again, not looked at again").toHaveAttribute("data-minor", target);
  });
});

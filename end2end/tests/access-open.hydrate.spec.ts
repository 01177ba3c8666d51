// Everything that opens on the screens of splitting, of the own target, of staff changes and of approval is looked at by axe while
// it is open, in both themes, at a desk and on a phone.
import type { Page } from "@playwright/test";
import { expect, test } from "../fixtures/attain.ts";
import { close, Looking } from "../pages/axe.ts";
import { enter, newDraft } from "../pages/company.ts";

test.use({ serving: { demo: true } });

const sizes = ["desktop", "phone"] as const;

/** Unfolds every part of a page that can be, the inner ones too. */
async function unfold(page: Page, within: string): Promise<void> {
  await page.locator(within).first().waitFor({ state: "attached" });
  await page.evaluate((within) => {
    for (const part of document.querySelectorAll<HTMLDetailsElement>(`${within} details, details${within}`)) part.open = true;
  }, within);
}

for (const size of sizes) {
  test(`what opens on the grid, ${size}`, async ({ page: desk, phone, words }) => {
    test.setTimeout(400_000);
    const page = size === "phone" ? await phone() : desk;
    const looking = new Looking(page, size);
    await enter(page, words, "planner");
    await newDraft(page, words);
    await expect(page.getByRole("button", { name: words("split.publish"), exact: true })).toBeEnabled();
    const row = page.locator(".grid .tr[data-node]").nth(1);
    const dialog = page.locator("dialog[open]");
    const menu = page.getByRole("menu");
    const openMenu = async () => {
      await row.focus();
      await expect(async () => {
        if ((await menu.count()) === 0) await page.keyboard.press("Enter");
        await expect(menu).toBeVisible({ timeout: 1_000 });
      }).toPass();
    };

    await test.step("the menu of a row, and what it asks", async () => {
      await looking.at("tools", page.locator(".tools"));
      await openMenu();
      await looking.at("menu of a row", menu);
      await menu.getByRole("menuitem", { name: words("split.menu_floor"), exact: true }).click();
      await looking.at("floor", dialog);
      await close(page, words);
      await menu.getByRole("menuitem", { name: words("send.menu"), exact: true }).click();
      await looking.at("send", dialog.locator("form[data-part=send]"));
      await close(page, words);
      await menu.getByRole("menuitem", { name: words("sheet.paste"), exact: true }).click();
      await looking.at("paste", dialog);
      await close(page, words);
    });

    await test.step("a field, and the menu of a period", async () => {
      await row.focus();
      await page.keyboard.press("F2");
      await looking.at("field", row.locator(".amount.total input"));
      await page.keyboard.press("Escape");
      await row.locator(".amount[data-period]").first().click({ button: "right" });
      await looking.at("menu of a period", menu);
      await page.keyboard.press("Escape");
      await expect(menu).toHaveCount(0);
    });

    await test.step("why", async () => {
      await row.locator(".amount.total").getByRole("button").click();
      await expect(dialog.locator("[data-figure=why-total]")).toBeVisible();
      await unfold(page, ".why");
      await looking.at("why", dialog.locator(".why"));
      await close(page, words);
    });

    await test.step("the panels beside the grid, everything unfolded", async () => {
      await unfold(page, ".beside");
      const lines = page.locator("details.row-lines [data-lines]");
      await expect(page.locator("details.fairness [data-verdict=level] b")).not.toBeEmpty({ timeout: 60_000 });
      await expect(page.locator("[data-preset]").first()).toBeAttached({ timeout: 60_000 });
      await looking.at("panels", lines);
      await lines.locator("tbody tr[data-row]").nth(1).locator("td[data-set] button").first().click();
      await looking.at("line", lines.locator("input[name=line-amount]"));
      await page.keyboard.press("Escape");
    });

    await test.step("a number to talk about", async () => {
      await unfold(page, ".talks");
      await looking.at("talks", page.locator(".talks .propose"));
    });

    await test.step("before it is published", async () => {
      await page.getByRole("button", { name: words("split.publish"), exact: true }).click();
      await looking.at("publish", dialog.locator(".before"));
      await close(page, words);
    });
    looking.nothing(12);
    if (size === "phone") await page.context().close();
  });

  test(`what opens where staff changes and a list of leave comes, ${size}`, async ({ page: desk, phone, words, watch }) => {
    test.setTimeout(400_000);
    // Who leads a unit has no number of their own, and the first who is found may be one of them.
    watch.expect(/status of 409/);
    const page = size === "phone" ? await phone() : desk;
    const looking = new Looking(page, size);
    await enter(page, words, "owner");
    await page.goto("/split/staffing");
    const change = page.locator("[data-card=change]");
    await expect(change.locator("select[name=who] option").nth(1)).toBeAttached();
    const kind = change.locator("select[name=kind]");
    const kinds = await kind.locator("option").evaluateAll((options) => options.map((option) => (option as HTMLOptionElement).value));
    expect(kinds.length).toBeGreaterThan(3);
    for (const one of kinds) {
      await kind.selectOption(one);
      await expect(kind).toHaveValue(one);
      await unfold(page, "main");
      await looking.at(`staff: ${one}`, change);
    }

    await test.step("a list of leave, checked before it is written", async () => {
      await page.goto("/data/import");
      const who = "nobody of that name";
      const list = `姓名,请假类型,开始日期,结束日期\n${who},年假,2031-06-02,2031-06-06\n`;
      await page.locator("input[type=file]").setInputFiles({ name: "leave.csv", mimeType: "text/csv", buffer: Buffer.from(list) });
      const outcome = page.locator(".import-outcome");
      await expect(outcome).toHaveAttribute("data-status", "done", { timeout: 60_000 });
      await unfold(page, "main");
      await looking.at("leave list", outcome.locator(".problem"));
    });
    looking.nothing(kinds.length + 1);
    if (size === "phone") await page.context().close();
  });

  test(`what opens around approval, ${size}`, async ({ page: desk, phone, words }) => {
    test.setTimeout(400_000);
    const page = size === "phone" ? await phone() : desk;
    const looking = new Looking(page, size);
    const dialog = page.locator("dialog[open]");

    await test.step("who approves", async () => {
      await enter(page, words, "owner");
      await page.goto("/set/approval");
      const chain = page.locator("details.chain");
      await chain.locator(":scope > summary").click();
      await chain.locator("select[name=approver]").selectOption("owner");
      await page.getByRole("button", { name: words("approval.chain_add") }).click();
      await looking.at("chain", chain.locator("select[name=approver]"));
      await page.getByRole("button", { name: words("approval.chain_save") }).click();
      await expect(page.getByText(words("approval.chain_saved"), { exact: true }).first()).toBeVisible();
    });

    await test.step("handing in, and a thread on a number", async () => {
      await enter(page, words, "planner");
      const version = await newDraft(page, words);
      await page.goto(`/set/approval?version=${version}`);
      await page.getByRole("button", { name: words("approval.submit"), exact: true }).click();
      await looking.at("submit", dialog.locator("textarea[name=reason]"));
      await dialog.getByRole("button", { name: words("approval.submit"), exact: true }).click();
      await expect(page.getByRole("button", { name: words("approval.take_back"), exact: true })).toBeVisible();
      await enter(page, words, "owner");
      await page.goto(`/set/approval?version=${version}`);
      const numbers = page.locator("[data-card=numbers] tr[data-node]");
      if ((await numbers.count()) > 0) await numbers.first().locator(".say").first().click();
      await looking.at("remark", page.locator("textarea[name=remark]"));
      await page.getByRole("button", { name: words("approval.send_back"), exact: true }).click();
      await looking.at("send back", dialog);
      await close(page, words);
    });
    looking.nothing(4);
    if (size === "phone") await page.context().close();
  });

  test(`what opens on the own target, ${size}`, async ({ page: desk, phone, words }) => {
    test.setTimeout(400_000);
    const page = size === "phone" ? await phone() : desk;
    const looking = new Looking(page, size);
    await enter(page, words, "rep");
    await page.goto("/my-target");
    const target = page.locator(".my-target").first();
    await expect(target.locator(".card .why [data-figure=why-total]")).toBeVisible();
    const number = Number(await target.getAttribute("data-minor"));

    await test.step("the number with everything unfolded", async () => {
      await unfold(page, "main");
      await looking.at("own target", page.locator("details.counter textarea"));
    });

    await test.step("a period", async () => {
      await target.locator(".periods button").first().click();
      await expect(page.locator("dialog.side[open] [data-figure=why-total]")).toBeVisible();
      await unfold(page, "dialog[open]");
      await looking.at("period", page.locator("dialog.side[open] .why"));
      await close(page, words);
    });

    await test.step("the thread about it", async () => {
      const form = page.locator("details.counter");
      await form.locator("input[name=amount]").fill(Math.floor((number * 0.9) / 100).toLocaleString("en"));
      await form.locator("textarea").fill("两个大客户转走了");
      await form.getByRole("button", { name: words("my_target.counter_send") }).click();
      const talk = page.locator(".own-talks .talk");
      await expect(talk).toHaveAttribute("data-status", "open");
      await unfold(page, ".own-talks");
      await looking.at("thread", talk);
    });
    looking.nothing(3);
    if (size === "phone") await page.context().close();
  });
}

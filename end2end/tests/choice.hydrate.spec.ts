// A file that could be deals as well as orders: somebody says which, its columns find their fields anew, and bookings are counted
// from one of the two, never from both.
import { expect, test } from "../fixtures/attain.ts";
import { setUp } from "../pages/door.ts";

const people = "name,manager,office\nAnna Snelling,Dustin Brinkmann,Central\n";
/** Every heading that either kind needs. */
const sales =
  "id,sales_agent,deal_stage,close_date,order_date,close_value,net\n" +
  "S1,Anna Snelling,Won,2017-03-01,2017-03-01,1000,1000\n" +
  "S2,Anna Snelling,Won,2017-03-02,2017-03-02,500,500\n";
const deals =
  "opportunity_id,sales_agent,deal_stage,close_date,close_value\n" + "D9,Anna Snelling,Won,2017-04-01,700\n";

test("deals or orders is chosen for a file that could be both, and one of them counts", async ({ page, server, words, watch, picture }) => {
  await setUp(page, server, words, "import");
  const file = (name: string, text: string) => ({ name, mimeType: "text/csv", buffer: Buffer.from(text) });
  const outcome = page.locator(".import-outcome");
  const ended = async (dry: boolean) => {
    await expect(outcome).toHaveAttribute("data-dry", String(dry), { timeout: 60_000 });
    await expect(outcome).toHaveAttribute("data-status", "done", { timeout: 60_000 });
  };
  await page.locator("input[type=file]").setInputFiles(file("people.csv", people));
  await ended(true);
  await outcome.locator("button.primary").click();
  await ended(false);

  await page.goto("/data/import");
  await expect(page.locator("select[name=bookings_from]")).toHaveValue("deals");
  await page.locator("input[type=file]").setInputFiles(file("sales.csv", sales));
  const card = page.locator("[data-file='sales.csv']");
  const kind = card.locator("header select");
  const fieldOf = (header: string) => card.locator("th").filter({ hasText: header }).locator("select");
  const choose = async (name: string) => {
    if ((await kind.inputValue()) !== name) {
      await kind.selectOption(name);
      await outcome.locator("button.primary").click();
    }
    await expect(kind).toHaveValue(name, { timeout: 60_000 });
    await ended(true);
  };
  await expect(outcome).toHaveAttribute("data-dry", "true", { timeout: 60_000 });
  await choose("opportunities");
  await expect(fieldOf("close_date")).toHaveValue("closed_on");
  await expect(outcome.locator("[data-count=created] dd")).toHaveText("2");
  await choose("orders");
  await expect(fieldOf("order_date")).toHaveValue("ordered_on");
  await expect(outcome.locator("[data-count=created] dd")).toHaveText("2");
  await expect(page.getByText(words("import.f_orders_chosen"))).toBeVisible();
  await picture(page, "chosen-orders");

  await outcome.locator("button.primary").click();
  await ended(false);
  await page.goto("/data/import");
  await expect(page.locator("select[name=bookings_from]")).toHaveValue("orders");

  // Deals that come later are kept, and do not count beside them.
  await page.locator("input[type=file]").setInputFiles(file("deals.csv", deals));
  await ended(true);
  await expect(page.getByText(words("import.f_not_deals"))).toBeVisible();
  await outcome.locator("button.primary").click();
  await ended(false);
  await page.goto("/data/import");
  watch.expect(/status of 409/);
  await page.locator("select[name=bookings_from]").selectOption("deals");
  // Orders count already: the choice is refused in words, and the list shows what holds.
  await expect(page.locator(".toasts").locator(":scope > *").first()).toBeVisible();
  await expect(page.locator("select[name=bookings_from]")).toHaveValue("orders");
});

// The sample company: whoever tries it picks a role at the door.
import { expect, type Page } from "@playwright/test";
import { forget } from "./door.ts";

type Words = (key: string) => string;

/** Enters as somebody in a role; whoever was there before is forgotten. */
export async function enter(page: Page, words: Words, role: "owner" | "planner" | "manager" | "rep" | "viewer"): Promise<void> {
  await forget(page);
  await page.goto("/sign-in");
  await page.getByRole("button", { name: words(`frame.role_${role}`) }).click();
  await expect(page.locator(".bar")).toBeVisible();
}

/** A new draft of the present plan; gives its id. */
export async function newDraft(page: Page, words: Words): Promise<string> {
  await page.goto("/split");
  const before = page.url();
  await page.getByRole("button", { name: words("split.new_draft") }).click();
  await expect(page).not.toHaveURL(before);
  await expect(page).toHaveURL(/version=/);
  // The plan it was made of stays in sight until the draft has come; what is done to its grid meanwhile is gone with it.
  await expect(page.getByRole("button", { name: words("split.new_draft") })).toHaveCount(0);
  return new URL(page.url()).searchParams.get("version") ?? "";
}

/** As the owner: drafts are approved by a role from now on. */
export async function letApprove(page: Page, words: Words, role: "owner" | "manager"): Promise<void> {
  await page.goto("/set/approval");
  await page.locator("details.chain > summary").click();
  await page.locator("details.chain select[name=approver]").selectOption(role);
  await page.getByRole("button", { name: words("approval.chain_add") }).click();
  await page.getByRole("button", { name: words("approval.chain_save") }).click();
  await expect(page.getByText(words("approval.chain_saved"), { exact: true }).first()).toBeVisible();
}

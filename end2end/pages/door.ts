// The door: set-up and sign-in. Both are plain forms and work without JavaScript.
import { expect, type Page } from "@playwright/test";
import type { Server } from "../fixtures/server.ts";

type Words = (key: string, values?: Record<string, string | number>) => string;

export interface Person {
  name: string;
  email: string;
  password: string;
}

export const owner: Person = { name: "Owner Zhang", email: "owner@example.com", password: "correct horse 9 battery" };

/** Opens the one-time link and makes the organization; ends signed in, on the page of the chosen start. */
export async function setUp(page: Page, server: Server, words: Words, start: "import" | "blank" = "blank"): Promise<void> {
  await page.goto(server.setUpPath);
  await page.getByRole("link", { name: words(`door.start_${start}`) }).click();
  await page.getByLabel(words("door.organization")).fill("Maven");
  await page.getByLabel(words("door.your_name")).fill(owner.name);
  await page.getByLabel(words("door.email")).fill(owner.email);
  await page.getByLabel(words("door.password"), { exact: true }).fill(owner.password);
  await page.getByRole("button", { name: words("door.make") }).click();
  await expect(page).toHaveURL(start === "import" ? /\/data\/import$/ : /\/admin\/people$/);
}

/** Signs a person in with e-mail and password. */
export async function signIn(page: Page, words: Words, person: Person, at = "/sign-in"): Promise<void> {
  await page.goto(at);
  await page.getByLabel(words("door.email")).fill(person.email);
  await page.getByLabel(words("door.password"), { exact: true }).fill(person.password);
  await page.getByRole("button", { name: words("door.sign_in"), exact: true }).click();
}

/** Makes the browser nobody's. It leaves the page first: an open one would notice, and go to the door by itself. */
export async function forget(page: Page): Promise<void> {
  await page.goto("about:blank");
  await page.context().clearCookies();
}

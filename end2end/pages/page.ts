// What all pages share.
import type { Page } from "@playwright/test";

/** Waits until the program has taken over the page the server rendered. */
export const alive = (page: Page) => page.waitForFunction(() => document.documentElement.dataset.alive === "true");

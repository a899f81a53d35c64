import { everyPageHoldsUp } from "../support/holds-up.ts";
import { test } from "../support/test.ts";
import { TOURS_OF_ALL } from "../support/tours.ts";

test.use({ content: "as it ships" });

everyPageHoldsUp(TOURS_OF_ALL);

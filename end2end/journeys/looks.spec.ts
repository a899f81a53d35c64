import { everyPageHoldsUp } from "../support/holds-up.ts";
import { TOURS } from "../support/tours.ts";

everyPageHoldsUp(TOURS);

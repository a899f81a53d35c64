import { test } from "../support/test.ts";
import { TOURS_OF_ALL } from "../support/tours.ts";
import { takePictures } from "./take-pictures.ts";

test.use({ content: "as it ships" });

takePictures(TOURS_OF_ALL);

import { TOURS } from "../support/tours.ts";
import { takePictures } from "./take-pictures.ts";

takePictures(TOURS);

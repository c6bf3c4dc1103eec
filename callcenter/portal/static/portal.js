// Moments in the reader's own zone; everything else on these pages works without scripts.

import { localMoments } from "/console/static/clocks.js";

localMoments();

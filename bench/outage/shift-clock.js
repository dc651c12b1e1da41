// Lets a gateway's clock run ahead by as many milliseconds as the file CLOCK_SHIFT_FILE says; loaded before the program.
import { readFileSync } from 'node:fs';

const trueNow = Date.now.bind(Date);
Date.now = () => trueNow() + Number(readFileSync(process.env.CLOCK_SHIFT_FILE, 'utf8'));

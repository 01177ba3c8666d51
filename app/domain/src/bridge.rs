//! From one number to another in steps that sum exactly: target to actual, volume, price and mix, and the sales process.

// Package proportion compares shares: how sure one is, whether two differ, whether any of many does.
//
// A share is a count of successes x among n trials, as in 17 deals won of 43. Functions report ok == false where their
// question has no answer: no trials, more successes than trials, a level that is not between 0 and 1.
package proportion

// Package location compares where two samples lie: their means by Student's and Welch's t, and their ranks by the test of Mann
// and Whitney and the shift of Hodges and Lehmann.
//
// Means are compared by count, mean and variance, ranks by multisets of numbers (ascending, each with its count). Functions
// report ok == false where their question has no answer: an empty sample, no spread, a level that is not between 0 and 1.
package location

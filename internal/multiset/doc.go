// Package multiset holds many whole numbers without losing any, so that their quantiles are exact and parts merge into the
// whole: durations, ticks, amounts in minor units.
//
// A [Set] appends what is added and puts it in order now and then, by radix sort, so that adding takes constant time on
// average, while equal numbers share their memory. Order of adding and merging never shows.
//
//	var s multiset.Set
//	s.Add(7)
//	s.Add(9)
//	median, ok := s.Quantile(0.5) // 8, true
package multiset

package funnel

import (
	"strconv"

	"github.com/salesops-go/salesops/internal/lifetime"
)

// Gray tests whether equally many spells end by an exit in all groups, age by age: whether two teams win the same share of
// their deals, the open ones included (Gray 1988, doi:10.1214/aos/1176350951, with his ρ = 0). It compares the curves of
// [Lifetimes.Incidence], as [LogRank] compares those of survival. A team that loses its bad deals sooner, and wins as many,
// differs by LogRank and not by Gray.
//
// With t different ticks and g groups it takes O(t g³) time.
//
// Gray returns an error if:
//   - by is "" or Open ([ErrInput])
//   - a spell enters after tick 0 ([ErrInput]): the test is not defined for delayed entry
//   - there is nothing to compare, as in LogRank, or no spell ended by the exit ([ErrUndefined])
func Gray(by Exit, groups ...*Lifetimes) (Test, error) {
	var f faults
	if by.isOpen() {
		f.add(ErrInput, "", "by", string(by), "is no end: name the exit to compare, such as won")
	}
	causes := make([]lifetime.Cause, len(groups))
	for g, l := range groups {
		if l == nil {
			continue
		}
		causes[g] = MaxExits + 1 // that of nobody
		if c, ok := l.cause(by); ok {
			causes[g] = c
		}
		if tick, late := l.h.LateEntry(); late {
			f.add(ErrInput, "", "groups/"+strconv.Itoa(g), "", "has a spell that enters at tick "+strconv.Itoa(tick)+
				": Gray's test needs spells watched from their start; leave them out, or compare the hazards by LogRank")
		}
	}
	if err := f.err(); err != nil {
		return Test{}, err
	}
	return testOf(lifetime.Gray(causes, histogramsOf(groups)))
}

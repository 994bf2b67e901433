package metrics

import (
	"cmp"
	"slices"

	"github.com/salesops-go/salesops/internal/exact"
)

// accountSums are amounts by the number of the account. What is added is appended, and put together now and then, so that
// adding takes no search.
type accountSums struct {
	sums  []accountSum
	tidy  int // how many at the front ascend by account
	limit int // from which length on to put them together
}

type accountSum struct {
	account int32
	amount  exact.Num
}

// add adds an amount.
func (s *accountSums) add(account int32, amount exact.Num) {
	if len(s.sums) >= max(s.limit, 256) {
		s.settle()
		s.limit = 2 * len(s.sums)
	}
	if s.sums == nil {
		s.sums = make([]accountSum, 0, 8)
	}
	s.sums = append(s.sums, accountSum{account, amount})
}

// settle puts amounts of the same account together.
func (s *accountSums) settle() {
	if s.tidy == len(s.sums) {
		return
	}
	slices.SortFunc(s.sums, func(a, b accountSum) int { return cmp.Compare(a.account, b.account) })
	keep := s.sums[:0]
	for _, a := range s.sums {
		if last := len(keep) - 1; last >= 0 && keep[last].account == a.account {
			keep[last].amount = keep[last].amount.Add(a.amount)
			continue
		}
		keep = append(keep, a)
	}
	s.sums, s.tidy = keep, len(keep)
}

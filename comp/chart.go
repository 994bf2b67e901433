package comp

import (
	"slices"
	"strings"

	"github.com/shopspring/decimal"

	"github.com/salesops-go/salesops"
	"github.com/salesops-go/salesops/internal/exact"
)

// Report says that a payee reports to a manager during a span. A transfer is two
// Reports whose spans meet. Who is not a Payee of any Report has no manager.
type Report struct {
	Span    salesops.Period `json:"span,omitzero"`
	Payee   string          `json:"payee"`
	Manager string          `json:"manager"`
	// Share is the portion of the payee's credits, and of those that roll up to the
	// payee, that rolls up to the manager: above 0 and at most 1; zero: 1.
	Share decimal.Decimal `json:"share,omitzero"`
}

// maxLevels is how many managers one above the other a payee can have.
const maxLevels = 50

// chart answers who manages whom on a day. People are numbered.
type chart struct {
	*faults
	people  map[string]int32
	names   []string
	reports [][]reports // by person, in order of time
}

// reports is a Report of the person that it is listed under.
type reports struct {
	span    salesops.Period
	manager int32
	share   exact.Num
	index   int32
}

func newChart(f *faults, list []Report) *chart {
	c := &chart{faults: f, people: make(map[string]int32)}
	for i := range list {
		r := &list[i]
		path := "chart/" + itoa(i)
		bad := func(field, value, format string, args ...any) {
			f.payee = r.Payee
			f.add(path+field, value, format, args...)
			f.payee = ""
		}
		sound := true
		fault := func(field, value, format string, args ...any) {
			sound = false
			bad(field, value, format, args...)
		}
		if r.Payee == "" {
			fault("/payee", "", "must not be empty")
		}
		if r.Manager == "" {
			fault("/manager", "", "must not be empty; leave out who has no manager")
		} else if r.Manager == r.Payee {
			fault("/manager", r.Manager, "is the payee; nobody reports to themselves")
		}
		if r.Span.IsEmpty() {
			fault("/span", r.Span.String(), "holds no day: the end is the day after the last")
		}
		share := exact.Int(1)
		if !exact.Bounded(r.Share) {
			fault("/share", "", outOfBounds)
		} else if !r.Share.IsZero() {
			share = exact.From(r.Share)
			if share.Sign() < 0 || share.Cmp(exact.Int(1)) > 0 {
				fault("/share", show(r.Share), "must be above 0 and at most 1, or zero, which means 1")
			}
		}
		if sound {
			at := c.person(r.Payee)
			manager := c.person(r.Manager)
			c.reports[at] = append(c.reports[at], reports{r.Span, manager, share, int32(i)})
		}
	}
	c.checkOverlaps(list)
	if f.list == nil {
		c.checkCircles(list)
	}
	return c
}

// person numbers a person.
func (c *chart) person(name string) int32 {
	if at, ok := c.people[name]; ok {
		return at
	}
	at := int32(len(c.names))
	c.people[name] = at
	c.names = append(c.names, name)
	c.reports = append(c.reports, nil)
	return at
}

// checkOverlaps puts each person's reports in order and finds two on one day.
func (c *chart) checkOverlaps(list []Report) {
	overlaps := make(map[int32]int32)
	for _, own := range c.reports {
		slices.SortStableFunc(own, func(a, b reports) int { return a.span.Start.Compare(b.span.Start) })
		for k := 1; k < len(own); k++ {
			// What starts before the one before ends overlaps it. That the latest end
			// may be an earlier one's is found when that pair is mended.
			if own[k].span.Overlaps(own[k-1].span) {
				overlaps[max(own[k].index, own[k-1].index)] = min(own[k].index, own[k-1].index)
			}
		}
	}
	for i := range list {
		k, ok := overlaps[int32(i)]
		if !ok {
			continue
		}
		c.payee = list[i].Payee
		c.add("chart/"+itoa(i)+"/span", list[i].Span.String(), "under %s overlaps chart/%d, %s under %s; end one when the other starts, or roll up each line of reporting on its own",
			clip(list[i].Manager), k, list[k].Span, clip(list[k].Manager))
		c.payee = ""
	}
}

// checkCircles finds people who report to themselves over others. A circle on any
// day is one on the day when the last of its reports starts: each report is followed
// up from its payee on its first day.
func (c *chart) checkCircles(list []Report) {
	for i := range list {
		start := list[i].Span.Start
		if start.IsZero() {
			start = salesops.NewDate(1, 1, 1)
		}
		from := c.people[list[i].Payee]
		names, first := []string{clip(list[i].Payee)}, true
		for at, level := from, 0; level < maxLevels; level++ {
			r := c.above(at, start)
			if r == nil {
				break
			}
			if s := list[r.index].Span.Start; r.index < int32(i) && (s == start || s == list[i].Span.Start) {
				first = false // told there
			}
			at = r.manager
			names = append(names, clip(c.names[at]))
			if at == from {
				if first {
					c.payee = list[i].Payee
					c.add("chart/"+itoa(i), "", "makes a circle on %s, %s; end one of these reports", start, strings.Join(names, " → "))
					c.payee = ""
				}
				break
			}
		}
	}
}

// above returns the report of a person on a day; nil: none.
func (c *chart) above(person int32, on salesops.Date) *reports {
	own := c.reports[person]
	lo, hi := 0, len(own) // the last that starts on or before the day is before lo
	for lo < hi {
		if mid := (lo + hi) / 2; own[mid].span.Start.After(on) {
			hi = mid
		} else {
			lo = mid + 1
		}
	}
	if lo == 0 || !own[lo-1].span.Contains(on) {
		return nil
	}
	return &own[lo-1]
}

package comp

import (
	"maps"
	"slices"
	"strings"

	"github.com/shopspring/decimal"

	"github.com/salesops-go/salesops"
	"github.com/salesops-go/salesops/internal/exact"
)

// Report says that a payee reports to a manager during a span. A transfer is two
// Reports whose spans meet. Who is not a Payee of any Report has no manager.
type Report struct {
	// Span is when the payee reports to the manager; an open end goes on.
	Span salesops.Period `json:"span,omitzero"`
	// Payee and Manager are IDs of payees.
	Payee   string `json:"payee"`
	Manager string `json:"manager"`
	// Share is the portion of the payee's credits, and of those that roll up to the
	// payee, that rolls up to the manager: above 0 and at most 1; zero: 1.
	Share decimal.Decimal `json:"share,omitzero"`
}

// maxLevels is how many managers one above the other a payee can have.
const maxLevels = 50

// chart answers who manages whom on a day. People are numbered.
type chart struct {
	people map[string]int32
	names  []string
	lines  [][]line // of each person, in order of time
}

// line is a Report, of the person whose line it is.
type line struct {
	span    salesops.Period
	manager int32
	share   exact.Num
	index   int32
}

// addFor adds the fault of a payee's credit or report.
func (f *faults) addFor(payee, deal, path, value, format string, args ...any) {
	f.payee = payee
	f.addDeal(deal, path, value, format, args...)
	f.payee = ""
}

func newChart(f *faults, list []Report) *chart {
	c := &chart{people: make(map[string]int32)}
	before := len(f.list) + f.more
	for i := range list {
		r := &list[i]
		faulty := false
		bad := func(field, value, msg string) {
			faulty = true
			f.addFor(r.Payee, "", "chart/"+itoa(i)+"/"+field, value, "%s", msg)
		}
		if r.Payee == "" {
			bad("payee", "", "must not be empty")
		}
		if r.Manager == "" {
			bad("manager", "", "must not be empty; leave out who has no manager")
		} else if r.Manager == r.Payee {
			bad("manager", r.Manager, "is the payee; nobody reports to themselves")
		}
		if r.Span.IsEmpty() {
			bad("span", r.Span.String(), "holds no day: the end is the day after the last")
		}
		share := exact.Int(1)
		if !exact.Bounded(r.Share) {
			bad("share", "", outOfBounds)
		} else if !r.Share.IsZero() {
			if share = exact.From(r.Share); share.Sign() < 0 || share.Cmp(exact.Int(1)) > 0 {
				bad("share", show(r.Share), "must be above 0 and at most 1, or zero, which means 1")
			}
		}
		if !faulty {
			payee, manager := c.person(r.Payee), c.person(r.Manager)
			c.lines[payee] = append(c.lines[payee], line{r.Span, manager, share, int32(i)})
		}
	}
	c.checkOverlaps(f, list)
	if len(f.list)+f.more == before {
		c.checkCircles(f, list)
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
	c.lines = append(c.lines, nil)
	return at
}

// checkOverlaps puts each person's lines in order, and finds two on one day.
func (c *chart) checkOverlaps(f *faults, list []Report) {
	overlaps := make(map[int]int) // the later of two in the list, and the earlier
	for _, own := range c.lines {
		slices.SortStableFunc(own, func(a, b line) int { return a.span.Start.Compare(b.span.Start) })
		for k := 1; k < len(own); k++ { // if any two overlap, neighbours do
			if a, b := &own[k-1], &own[k]; a.span.Overlaps(b.span) {
				overlaps[int(max(a.index, b.index))] = int(min(a.index, b.index))
			}
		}
	}
	for _, i := range slices.Sorted(maps.Keys(overlaps)) {
		k := overlaps[i]
		f.addFor(list[i].Payee, "", "chart/"+itoa(i)+"/span", list[i].Span.String(),
			"under %s overlaps chart/%d, %s under %s; end one when the other starts, and roll up each line of a matrix organisation on its own",
			clip(list[i].Manager), k, list[k].Span, clip(list[k].Manager))
	}
}

// checkCircles finds people who report to themselves over others. A circle stands on
// the day on which the last of its reports starts, so each report is followed up, on
// its first day, from its payee.
func (c *chart) checkCircles(f *faults, list []Report) {
	for i := range list {
		day := list[i].Span.Start
		if day.IsZero() {
			day = salesops.NewDate(1, 1, 1)
		}
		from := c.people[list[i].Payee]
		var names strings.Builder
		names.WriteString(clip(list[i].Payee))
		told := false // by a report before, which starts on the same day
		for at, level := c.above(from, day), 0; at != nil && level < maxLevels; at, level = c.above(at.manager, day), level+1 {
			told = told || at.index < int32(i) && list[at.index].Span.Start == list[i].Span.Start
			names.WriteString(" → " + clip(c.names[at.manager]))
			if at.manager == from {
				if !told {
					f.addFor(list[i].Payee, "", "chart/"+itoa(i), "", "closes a circle on %s, %s; end one of these reports before", day, names.String())
				}
				break
			}
		}
	}
}

// above returns the line of a person on a day; nil: none.
func (c *chart) above(person int32, on salesops.Date) *line {
	own := c.lines[person]
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

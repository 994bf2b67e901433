package metrics

import (
	"time"

	"github.com/salesops-go/salesops"
	"github.com/salesops-go/salesops/internal/lifetime"
)

// Lead is somebody who may become a customer, as known at [Rules.AsOf]. All that has become of it counts in the period in which
// it was created, so that shares of leads cannot exceed 1.
type Lead struct {
	// ID names the lead in errors; it is not read otherwise.
	ID string `json:"id,omitempty"`
	// Owner is the rep who is to call it.
	Owner string `json:"owner,omitempty"`
	// Team is the rep's team.
	Team string `json:"team,omitempty"`
	// Segment is whatever leads are cut by besides: a source, a region.
	Segment string `json:"segment,omitempty"`
	// Created is when it came; its date there, in its own location, is that of the lead.
	Created time.Time `json:"created"`
	// Touched is when it was first called or written to; the zero Time: not yet. What was touched before it came has waited 0.
	Touched time.Time `json:"touched,omitzero"`
	// Qualified says whether it was found to be worth working on.
	Qualified bool `json:"qualified,omitempty"`
	// Opportunity says whether it has become an opportunity.
	Opportunity bool `json:"opportunity,omitempty"`
	// Customer says whether it has become a customer.
	Customer bool `json:"customer,omitempty"`
}

// causeTouched is why the waiting of a lead ends.
const causeTouched lifetime.Cause = 1

// leadFacts are the leads that came in a period.
type leadFacts struct {
	leads, qualified, opportunities, customers int64
	early                                      int64 // touched before they came
	waits                                      lives
}

// AddLead counts a lead.
//
// AddLead returns an error ([ErrInput]), and adds nothing, if:
//   - Created is missing, or has no date between the years 1 and 9999
//   - the rules have no AsOf and the lead has no Touched, or it was created or touched after AsOf
//   - a name is not valid UTF-8
func (c *Scorecard) AddLead(l Lead) error {
	c.begin()
	var f faults
	day, asOf := salesops.DateOf(l.Created), c.rules.AsOf
	c.checkWho(&f, l.ID, who{l.Owner, l.Team, l.Segment})
	late := func(path string, at time.Time) {
		if !asOf.IsZero() && at.After(asOf) {
			f.add(ErrInput, l.ID, path, at.Format(time.RFC3339), "is after "+asOf.Format(time.RFC3339)+", the time as of which all is known: pass the lead as it was then")
		}
	}
	late("created", l.Created)
	late("touched", l.Touched)
	if day.IsZero() {
		f.add(ErrInput, l.ID, "created", "", "must be when the lead came")
	}
	if l.Touched.IsZero() && asOf.IsZero() {
		f.add(ErrInput, l.ID, "touched", "", "is missing, and needs Rules.AsOf, the time until which the lead has waited: see NewScorecard")
	}
	c.room(&f, l.ID, 1)
	if err := f.err(); err != nil {
		return err
	}
	c.rows++
	g := c.group(c.whose(who{l.Owner, l.Team, l.Segment}))
	make1(&c.cellOn(g, day).leads).add(&l, c.rules)
	return nil
}

func (s *leadFacts) add(l *Lead, r Rules) {
	s.leads++
	count := func(to *int64, is bool) {
		if is {
			*to++
		}
	}
	count(&s.qualified, l.Qualified)
	count(&s.opportunities, l.Opportunity)
	count(&s.customers, l.Customer)
	end, cause := r.AsOf, lifetime.Censored
	if !l.Touched.IsZero() {
		end, cause = l.Touched, causeTouched
	}
	ticks := r.wait(l.Created, end)
	if cause == causeTouched && (ticks < 0 || l.Touched.Before(l.Created)) {
		s.early++
		ticks = 0
	}
	ticks = max(ticks, 0)         // of a clock that is wrong
	if ticks > lifetime.MaxTick { // had it been touched at all in so long a time?
		ticks, cause = lifetime.MaxTick, lifetime.Censored
	}
	s.waits.add(int64(ticks), cause)
}

// sum adds the counts of o, but not the waits.
func (s *leadFacts) sum(o *leadFacts) {
	s.leads += o.leads
	s.qualified += o.qualified
	s.opportunities += o.opportunities
	s.customers += o.customers
	s.early += o.early
}

func (s *leadFacts) merge(o *leadFacts) {
	s.sum(o)
	s.waits.merge(&o.waits)
}

package main

import (
	"bytes"
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"

	"github.com/salesops-go/salesops"
	"github.com/salesops-go/salesops/comp"
	"github.com/salesops-go/salesops/examples/internal/sample"
)

// The roles that people are paid in. They are the names of quotas, too.
const (
	reps     = "bookings"
	overlays = "overlay"
	managers = "team"
)

// scheme says who is paid by which plan from when.
type scheme struct {
	plans []comp.Plan // in the order of their documents; all have one currency and calendar
	// Roles has the terms of each role, and Draws those that are a person's own.
	Roles map[string][]comp.Term `json:"roles"`
	Draws map[string][]comp.Draw `json:"draws"`
	// standard is set for the plan of this program, which takes currency and
	// span from the data.
	standard bool
}

// readScheme finds the plans that the flags ask for.
func readScheme(opt options) (scheme, error) {
	switch {
	case opt.plan != "":
		data, err := os.ReadFile(opt.plan)
		if err != nil {
			return scheme{}, err
		}
		p, err := comp.ParsePlan(data)
		if err != nil {
			return scheme{}, fmt.Errorf("%s: %w", opt.plan, err)
		}
		return planForAll(p), nil
	case opt.opportunities == "":
		return sampleScheme()
	default:
		return scheme{standard: true}, nil
	}
}

// planForAll is the scheme in which everybody who sells is on one plan.
func planForAll(p comp.Plan) scheme {
	return scheme{
		plans: []comp.Plan{p},
		Roles: map[string][]comp.Term{reps: {{Plan: p.ID, Span: p.Span}}},
	}
}

//go:embed plans/*.json
var plans embed.FS

// defaultScheme is that of exports that come without a plan. The amounts of its
// plan are taken to be in the currency of the export.
func defaultScheme(quotas bool, currency string) (scheme, error) {
	name := "plans/default.json"
	if quotas {
		name = "plans/default-quotas.json"
	}
	p, err := readPlan(plans, name)
	if err != nil {
		return scheme{}, err
	}
	if currency != "" {
		p.Currency = currency
	}
	s := planForAll(p)
	s.standard = true
	return s, nil
}

// sampleScheme reads the plans and terms of the sample company.
func sampleScheme() (scheme, error) {
	var s scheme
	terms, err := sample.FS.ReadFile("terms.json")
	if err != nil {
		return s, err
	}
	read := json.NewDecoder(bytes.NewReader(terms))
	read.DisallowUnknownFields()
	if err := read.Decode(&s); err != nil {
		return s, fmt.Errorf("terms.json: %w", err)
	}
	names, err := fs.Glob(sample.FS, "plan-*.json")
	if err != nil {
		return s, err
	}
	for _, name := range names {
		p, err := readPlan(sample.FS, name)
		if err != nil {
			return s, err
		}
		s.plans = append(s.plans, p)
	}
	return s, nil
}

func readPlan(from fs.FS, name string) (comp.Plan, error) {
	data, err := fs.ReadFile(from, name)
	if err != nil {
		return comp.Plan{}, err
	}
	p, err := comp.ParsePlan(data)
	if err != nil {
		return comp.Plan{}, fmt.Errorf("%s: %w", name, err)
	}
	return p, nil
}

// currency and calendar are those of all plans.
func (s *scheme) currency() string { return s.plans[0].Currency }

func (s *scheme) calendar() salesops.Calendar {
	if len(s.plans) == 0 {
		return salesops.Calendar{}
	}
	return s.plans[0].Calendar
}

// span makes the only plan apply in a period.
func (s *scheme) span(p salesops.Period) {
	s.plans[0].Span = p
	s.Roles[reps][0].Span = p
}

// whole is the time from the first day of the first plan to the end of the last.
func (s *scheme) whole() salesops.Period {
	all := s.plans[0].Span
	for _, p := range s.plans {
		if p.Span.Start.Before(all.Start) {
			all.Start = p.Span.Start
		}
		if p.Span.End.After(all.End) {
			all.End = p.Span.End
		}
	}
	return all
}

// covers returns an error when no plan applies in the quarter.
func (s *scheme) covers(quarter salesops.Period) error {
	if slices.ContainsFunc(s.plans, func(p comp.Plan) bool { return p.Span.Overlaps(quarter) }) {
		return nil
	}
	var spans []string
	for _, p := range s.plans {
		spans = append(spans, fmt.Sprintf("%s %s to %s", p.ID, p.Span.Start, p.Span.Last()))
	}
	return fmt.Errorf("no plan applies in the quarter from %s to %s: there is %s; change the span of the plan, or -quarter",
		quarter.Start, quarter.Last(), strings.Join(spans, ", "))
}

// quotaNames are the quotas that the plans measure against.
func (s *scheme) quotaNames() []string {
	var names []string
	for _, p := range s.plans {
		for _, k := range p.Components {
			if q := k.Measure.Quota; q != "" && !slices.Contains(names, q) {
				names = append(names, q)
			}
		}
	}
	return names
}

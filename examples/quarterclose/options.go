package main

import (
	"io"
	"strings"

	"github.com/salesops-go/salesops/examples/internal/command"
)

// options are the flags.
type options struct {
	opportunities string
	plan          string
	quotas        string
	quarter       string
	rep           string
	skipBad       bool
}

func parseOptions(args []string, stderr io.Writer) (options, error) {
	var o options
	f := command.NewFlags("quarterclose", "Close a quarter: what did everybody sell, what have they earned, what is paid now, and why?", stderr)
	f.StringVar(&o.opportunities, "opportunities", "", "opportunity export of a CRM (`file or folder`); default: the sample company")
	f.StringVar(&o.plan, "plan", "", "commission plan, a JSON `file`; default: the sample's plans, or a default plan")
	f.StringVar(&o.quotas, "quotas", "", "quotas, a CSV `file` with the columns rep, period, measure, amount")
	f.StringVar(&o.quarter, "quarter", "", "quarter to close, such as FY2026-Q3; default: the last complete one (sample: "+sampleQuarter+")")
	f.StringVar(&o.rep, "rep", "", "`name`, or part of it, of the person whose statement is explained")
	f.BoolVar(&o.skipBad, "skip-bad", false, "leave bad rows out, and count them, instead of ending the run")
	if err := f.Parse(args, "name files with -opportunities, -plan and -quotas"); err != nil {
		return o, err
	}
	if o.opportunities == "" && o.plan == "" {
		if o.quarter == "" {
			o.quarter = sampleQuarter
		}
		if o.rep == "" && strings.EqualFold(o.quarter, sampleQuarter) {
			o.rep = sampleRep
		}
	}
	return o, nil
}

// What is shown of the sample by default: the quarter with the most to see (a new
// plan, a hire in mid-quarter, refunds of deals that the old plan paid for, a
// SPIFF, deals large enough for the limits), and a rep who gave back commission
// under the old plan and went just over quota under the new one.
const (
	sampleQuarter = "FY2026-Q3"
	sampleRep     = "Viktor Hradec"
)

package main

import (
	"fmt"
	"io"
	"time"

	"github.com/salesops-go/salesops"
	"github.com/salesops-go/salesops/examples/internal/command"
)

// options are the flags.
type options struct {
	opportunities string
	since         string
	firstMonth    int
	months        int
	skipBad       bool
}

func parseOptions(args []string, stderr io.Writer) (options, error) {
	var o options
	f := command.NewFlags("forecastcall", "What will next month bring, and how good were such forecasts of the past months?", stderr)
	f.StringVar(&o.opportunities, "opportunities", "", "opportunity export of a CRM (`file or folder`); default: the sample company")
	f.StringVar(&o.since, "since", "", "`day` from which on all closings are in the export, or \"always\"; default: the first closing in it")
	f.IntVar(&o.firstMonth, "first-month", 1, "calendar `month` with which the fiscal year starts, 1 to 12")
	f.IntVar(&o.months, "months", 8, "number of past months to replay, 1 to 60")
	f.BoolVar(&o.skipBad, "skip-bad", false, "leave bad rows out, and count them, instead of ending the run")
	if err := f.Parse(args, "name the export with -opportunities"); err != nil {
		return o, err
	}
	switch {
	case o.firstMonth < 1 || o.firstMonth > 12:
		return o, command.UsageError{Err: fmt.Errorf("-first-month %d: want 1 to 12", o.firstMonth)}
	case o.months < 1 || o.months > 60:
		return o, command.UsageError{Err: fmt.Errorf("-months %d: want 1 to 60", o.months)}
	case o.since != "" && o.since != "always":
		if _, err := salesops.ParseDate(o.since); err != nil {
			return o, command.UsageError{Err: fmt.Errorf("-since %q: want a day such as 2026-01-31, or \"always\"", o.since)}
		}
	}
	return o, nil
}

// calendar is the fiscal calendar, of calendar months.
func (o options) calendar() salesops.Calendar {
	return salesops.Calendar{FirstMonth: time.Month(o.firstMonth)}
}

package main

import (
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/salesops-go/salesops"
	"github.com/salesops-go/salesops/examples/internal/command"
	"github.com/salesops-go/salesops/examples/internal/crm"
	"github.com/salesops-go/salesops/funnel"
)

// options are the flags.
type options struct {
	log      string
	columns  crm.LogColumns
	stages   []funnel.Stage // those that are worked, and the ends
	reopen   bool
	asOf     salesops.Date
	since    salesops.Date // zero: always
	split    salesops.Date
	cohorts  salesops.Unit
	horizons []int // days, ascending
	skipBad  bool
}

func parseOptions(args []string, stderr io.Writer) (options, error) {
	var o options
	var stages, won, lost, left, asOf, since, split, cohorts, horizons string
	f := command.NewFlags("funnelreview", "Where do deals stall?", stderr)
	f.StringVar(&o.log, "log", "", "event log, a CSV `file`, also compressed (.gz); default: the history of the sample company")
	f.StringVar(&o.columns.Case, "case", "", "`column` with the case or deal")
	f.StringVar(&o.columns.Activity, "activity", "", "`column` with the stage or activity")
	f.StringVar(&o.columns.Time, "time", "", "`column` with the time")
	f.StringVar(&o.columns.By, "by", "", "`column` with who did it")
	f.StringVar(&stages, "stages", "", "the stages of the pipeline in order, a `list` separated by commas")
	f.StringVar(&won, "won", "", "the stages, a `list`, in which a deal is won")
	f.StringVar(&lost, "lost", "", "the stages, a `list`, in which a deal is lost")
	f.StringVar(&left, "left", "", "the stages, a `list`, in which a deal has left undecided")
	f.BoolVar(&o.reopen, "reopen", false, "deals may come back after an end")
	f.StringVar(&asOf, "as-of", "", "last `day` that is known; default: the last in the log")
	f.StringVar(&since, "since", "", "first `day` from which on the log tells of all cases that ended; default: it always did (sample: "+sampleSince+")")
	f.StringVar(&split, "split", "", "first `day` of the later cases in the comparison; default: the day that halves them")
	f.StringVar(&cohorts, "cohorts", string(salesops.Month), "cohorts by week, month, quarter, half or year")
	f.StringVar(&horizons, "horizons", "30,60,90", "ages in days, a `list`, at which cohorts are compared")
	f.BoolVar(&o.skipBad, "skip-bad", false, "leave bad rows out, and count them, instead of ending the run")
	if err := f.Parse(args, "name the log with -log"); err != nil {
		return o, err
	}
	if o.log == "" && stages+won+lost+left == "" {
		stages, won, lost = sampleStages, "Closed Won", "Closed Lost"
	}
	if o.log == "" && since == "" {
		since = sampleSince
	}
	for _, kind := range []struct {
		list string
		end  funnel.Exit
	}{{stages, funnel.Open}, {won, funnel.Won}, {lost, funnel.Lost}, {left, funnel.Left}} {
		for _, key := range items(kind.list) {
			o.stages = append(o.stages, funnel.Stage{Key: key, End: kind.end})
		}
	}
	if o.cohorts = salesops.Unit(cohorts); !o.cohorts.Valid() {
		return o, usage("-cohorts %q: want week, month, quarter, half or year", cohorts)
	}
	for _, day := range []struct {
		flag, text string
		to         *salesops.Date
	}{{"-as-of", asOf, &o.asOf}, {"-since", since, &o.since}, {"-split", split, &o.split}} {
		if day.text == "" {
			continue
		}
		d, err := salesops.ParseDate(day.text)
		if err != nil {
			return o, usage("%s %q: want a day such as 2026-01-31", day.flag, day.text)
		}
		*day.to = d
	}
	for _, text := range items(horizons) {
		n, err := strconv.Atoi(text)
		if err != nil || n < 1 || n > 3650 || len(o.horizons) > 0 && n <= o.horizons[len(o.horizons)-1] {
			return o, usage("-horizons %q: want rising numbers of days from 1 to 3650, such as 30,60,90", horizons)
		}
		o.horizons = append(o.horizons, n)
	}
	if len(o.horizons) == 0 || len(o.horizons) > 8 {
		return o, usage("-horizons %q: want one to eight ages in days", horizons)
	}
	return o, nil
}

// The stages of the sample company, and the day from which on its history is complete: of the deals created before, it has those
// that were still open on that day.
const (
	sampleStages = "Qualification,Needs Analysis,Proposal/Price Quote,Negotiation/Review"
	sampleSince  = "2026-01-01"
)

func usage(format string, args ...any) error {
	return command.UsageError{Err: fmt.Errorf(format, args...)}
}

// items are those of a list, without the blanks around them.
func items(list string) []string {
	var out []string
	for s := range strings.SplitSeq(list, ",") {
		if s = strings.TrimSpace(s); s != "" {
			out = append(out, s)
		}
	}
	return out
}

// end is the last instant of a day.
func end(d salesops.Date) time.Time { return d.AddDays(1).Time(time.UTC).Add(-1) }

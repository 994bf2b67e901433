package main

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/salesops-go/salesops"
	"github.com/salesops-go/salesops/examples/internal/crm"
	"github.com/salesops-go/salesops/examples/internal/sample"
)

// input is all that a close starts from.
type input struct {
	crm.Company
	source  string // for the heading
	scheme  scheme
	quarter salesops.Period
	lastDay salesops.Date // the last day the data knows of
}

// load reads the files and the plans, checks that they fit together and settles
// the quarter. All bad rows are reported together.
func load(opt options) (*input, error) {
	in := &input{source: "Northlight, the sample company"}
	var err error
	if in.scheme, err = readScheme(opt); err != nil {
		return nil, err
	}
	if err := in.read(opt); err != nil {
		return nil, err
	}
	if opt.quotas != "" {
		if err := in.readQuotas(opt.quotas); err != nil {
			return nil, err
		}
	}
	if in.scheme.standard {
		if in.scheme, err = defaultScheme(len(in.Quotas) > 0, in.currency()); err != nil {
			return nil, err
		}
	}
	in.check()
	if len(in.Problems) > 0 && !opt.skipBad {
		err := &crm.ProblemsError{Counts: in.Counts, Problems: in.Problems}
		return nil, fmt.Errorf("%w\nmend these rows, or leave them out with -skip-bad", err)
	}
	if err := in.settleQuarter(opt.quarter); err != nil {
		return nil, err
	}
	if in.scheme.standard {
		in.settleSpan()
	}
	return in, in.scheme.covers(in.quarter)
}

// read reads the opportunities: the sample, a folder, or one file. Bad rows are
// collected, to be judged when everything has been read.
func (in *input) read(opt options) (err error) {
	read := crm.Options{SkipBad: true}
	path := opt.opportunities
	if path == "" {
		in.Company, err = crm.ReadDir(sample.FS, read)
		return err
	}
	in.source = filepath.Base(filepath.Clean(path))
	info, err := os.Stat(path)
	if err != nil {
		return err
	}
	if info.IsDir() {
		in.Company, err = crm.ReadDir(os.DirFS(path), read)
		return err
	}
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	e, err := crm.Read(f, filepath.Base(path), read)
	if err != nil {
		return err
	}
	in.Company = crm.Company{
		Counts: e.Counts, Opportunities: e.Opportunities, Problems: e.Problems, Notes: e.Notes,
		Files: []crm.File{{Name: filepath.Base(path), Kind: e.System.String() + " opportunities", Counts: e.Counts}},
	}
	return nil
}

// readQuotas reads quotas that replace those of the folder.
func (in *input) readQuotas(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	l, err := crm.ReadQuotas(f, filepath.Base(path), crm.Options{SkipBad: true})
	if err != nil {
		return err
	}
	if n := len(in.Quotas); n > 0 {
		in.Notes = append(in.Notes, fmt.Sprintf("%d quotas of the folder are replaced by %s", n, filepath.Base(path)))
	}
	in.Quotas = l.Rows
	in.Problems = append(in.Problems, l.Problems...)
	in.Notes = append(in.Notes, l.Notes...)
	in.Files = append(in.Files, crm.File{Name: filepath.Base(path), Kind: "quotas", Counts: l.Counts})
	in.Read += l.Read
	in.Used += l.Used
	in.Skipped += l.Skipped
	return nil
}

// currency is that of the first won opportunity which names one.
func (in *input) currency() string {
	for i := range in.Opportunities {
		if o := &in.Opportunities[i]; o.Status == crm.Won && o.Currency != "" {
			return o.Currency
		}
	}
	return ""
}

package crm

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/shopspring/decimal"
)

// Company is the result of reading a folder. Rows are in the order of the files
// by name, and in the order of the file within.
type Company struct {
	Counts        // over all files
	Opportunities []Opportunity
	Reps          []Rep
	Splits        []Split
	Events        []Event
	Quotas        []Quota
	Snapshots     []State
	Calls         []Call
	History       []Move
	Files         []File
	Problems      []Problem // of the skipped rows, by file and line
	Notes         []string  // assumptions made, for the user to read
}

// A File tells what one file of a folder was read as.
type File struct {
	Name string
	// Kind is "Salesforce report opportunities", "reps", "splits", "events",
	// "quotas", "snapshots", "calls", "history", "products", "accounts" or, for files that were not
	// recognised and not read, empty.
	Kind string
	Counts
}

// ReadDir reads all files of a folder whose names end in .csv or .tsv: exports
// of opportunities (any number, of any system), and lists of reps, splits,
// events, quotas, snapshots of the pipeline, calls and the stage history, each recognised by its header. A CSV file that is none of
// these is not read, and a note says so. Other files are ignored.
//
// The folder of the Maven data set is read with its four files: products take
// the spelling of products.csv (the pipeline says GTXPro for GTX Pro), and
// opportunities get the tags region and manager from the team list, sales_price
// and series from the products, and sector from the accounts.
//
// ReadDir returns an error, and the zero Company, if:
//   - the folder or a file cannot be read;
//   - there is no opportunity export in it, or a file is not in order
//     ([ErrFormat], [ErrLimit]);
//   - any row is bad and opt.SkipBad is not set ([*ProblemsError]).
//
// Besides the rows that [Read] and the readers of lists call bad, a row is bad
// if its opportunity ID occurred in another file, if a split, an event, a
// snapshot or a move of the history names an opportunity that is not there, if a split or a quota names a
// rep who is not in the list of reps (when there is one), or a call somebody who is
// neither a rep nor a manager in it, if two spans of a rep overlap
// (the later one is bad), and all splits of an opportunity
// are bad if their shares, overlays aside, do not sum to exactly 1.
func ReadDir(fsys fs.FS, opt Options) (Company, error) {
	entries, err := fs.ReadDir(fsys, ".")
	if err != nil {
		return Company{}, fmt.Errorf("crm: %w", err)
	}
	d := &dirReader{opt: opt, seen: map[string]place{}, maven: catalogue{}}
	d.opt.SkipBad = true // collect the problems of all files first
	var errs []error
	for _, e := range entries {
		if ext := strings.ToLower(path.Ext(e.Name())); e.IsDir() || ext != ".csv" && ext != ".tsv" {
			continue
		}
		if err := d.file(fsys, e.Name()); err != nil {
			errs = append(errs, err)
		}
	}
	if len(errs) > 0 {
		return Company{}, errors.Join(errs...)
	}
	if d.exports == 0 {
		return Company{}, fmt.Errorf("%w: no opportunity export in the folder: found %s", ErrFormat, d.listing())
	}
	d.join()
	d.check()
	d.count()
	if len(d.Problems) > 0 && !opt.SkipBad {
		return Company{}, &ProblemsError{d.Counts, d.Problems}
	}
	return d.Company, nil
}

type dirReader struct {
	Company
	opt     Options
	seen    map[string]place
	exports int
	maven   catalogue
}

// file reads one file as what its header says it is.
func (d *dirReader) file(fsys fs.FS, name string) error {
	f, err := fsys.Open(name)
	if err != nil {
		return fmt.Errorf("crm: %w", err)
	}
	defer f.Close()
	s, err := openSheet(f, name, d.opt)
	if err != nil {
		return err
	}
	has := func(keys ...string) bool {
		for _, k := range keys {
			if s.column(k) < 0 {
				return false
			}
		}
		return true
	}
	switch l := recognise(s.keys); {
	case l != nil:
		e, err := s.readOpportunities(l, d.seen)
		if err != nil {
			return err
		}
		d.exports++
		if l.system == Maven {
			d.maven.from, d.maven.to = len(d.Opportunities), len(d.Opportunities)+len(e.Opportunities)
		}
		d.Opportunities = append(d.Opportunities, e.Opportunities...)
		d.add(s, l.system.String()+" opportunities")
	case has("name", "manager"), has("name", "start"), has("sales_agent", "manager"):
		return list(d, s, "reps", repColumns, (*listReader).rep, &d.Reps)
	case has("share"):
		return list(d, s, "splits", splitColumns, (*listReader).split, &d.Splits)
	case has("kind", "date"):
		return list(d, s, "events", eventColumns, (*listReader).event, &d.Events)
	case has("as_of", "opportunity"):
		return list(d, s, "snapshots", stateColumns, (*listReader).state, &d.Snapshots)
	case has("opportunity", "stage", "at"):
		return list(d, s, "history", moveColumns, (*listReader).move, &d.History)
	case has("rep", "period", "as_of"):
		return list(d, s, "calls", callColumns, (*listReader).call, &d.Calls)
	case has("rep", "period"):
		return list(d, s, "quotas", quotaColumns, (*listReader).quota, &d.Quotas)
	case has("product", "sales_price"):
		return list(d, s, "products", "product,series?,sales_price", (*listReader).mavenProduct, &d.maven.products)
	case has("account", "sector"):
		return list(d, s, "accounts", "account,sector", (*listReader).mavenAccount, &d.maven.accounts)
	default:
		d.Files = append(d.Files, File{Name: name})
		d.Notes = append(d.Notes, name+": not recognised by its header and not read: "+found(s.header))
	}
	return nil
}

// add records what a file was read as.
func (d *dirReader) add(s *sheet, kind string) {
	d.Files = append(d.Files, File{s.name, kind, s.Counts})
	d.Problems = append(d.Problems, s.problems...)
	d.Notes = append(d.Notes, s.notes...)
}

func list[T any](d *dirReader, s *sheet, kind, header string, row func(*listReader) T, to *[]T) error {
	l, err := readRows(s, header, row)
	if err != nil {
		return err
	}
	*to = append(*to, l.Rows...)
	d.add(s, kind)
	return nil
}

// listing names the files seen, for a message.
func (d *dirReader) listing() string {
	if len(d.Files) == 0 {
		return "no .csv file"
	}
	var names []string
	for _, f := range d.Files {
		names = append(names, f.Name)
	}
	return found(names)
}

// checkReps drops spans of a rep that begin before an earlier one has ended:
// they would count the rep twice.
func (d *dirReader) checkReps() {
	spans := slices.Clone(d.Reps)
	slices.SortStableFunc(spans, func(a, b Rep) int {
		return cmp.Or(strings.Compare(a.Name, b.Name), a.Start.Compare(b.Start))
	})
	type row struct {
		file string
		line int
	}
	overlaps := map[row]Rep{}
	for i, last := 1, 0; i < len(spans); i++ {
		a, b := spans[last], spans[i]
		if a.Name == b.Name && (a.End.IsZero() || b.Start.Compare(a.End) < 0) {
			overlaps[row{b.File, b.Line}] = a
			continue
		}
		last = i
	}
	d.Reps = slices.DeleteFunc(d.Reps, func(r Rep) bool {
		a, bad := overlaps[row{r.File, r.Line}]
		return bad && d.drop(r.File, r.Line, "name", r.Name, fmt.Sprintf("the span overlaps that of line %d: end that one where this one starts", a.Line))
	})
}

// check drops rows that name what is not there.
func (d *dirReader) check() {
	d.checkReps()
	reps, managers := map[string]bool{}, map[string]bool{}
	for _, r := range d.Reps {
		reps[r.Name] = true
		managers[r.Manager] = true
	}
	opps := make(map[string]bool, len(d.Opportunities))
	strangers := map[string]int{}
	for i := range d.Opportunities {
		o := &d.Opportunities[i]
		opps[o.ID] = true
		if len(reps) > 0 && !reps[o.Owner] {
			strangers[o.Owner]++
		}
	}
	const noRep = "not in the list of reps: add the rep or correct the name"
	const noOpportunity = "no opportunity with this ID was read: export it or take the row out"

	sums := map[string]decimal.Decimal{}
	for _, s := range d.Splits {
		if known := len(reps) == 0 || reps[s.Rep]; known && !s.Overlay {
			sums[s.Opportunity] = sums[s.Opportunity].Add(s.Share)
		}
	}
	d.Splits = slices.DeleteFunc(d.Splits, func(s Split) bool {
		switch sum, has := sums[s.Opportunity]; {
		case !opps[s.Opportunity]:
			return d.drop(s.File, s.Line, "opportunity", s.Opportunity, noOpportunity)
		case len(reps) > 0 && !reps[s.Rep]:
			return d.drop(s.File, s.Line, "rep", s.Rep, noRep)
		case has && !sum.Equal(decimal.New(1, 0)):
			return d.drop(s.File, s.Line, "share", plain(s.Share), "the shares of "+shorten(s.Opportunity)+" sum to "+plain(sum)+": make them sum to 1")
		}
		return false
	})
	d.Events = slices.DeleteFunc(d.Events, func(e Event) bool {
		return !opps[e.Opportunity] && d.drop(e.File, e.Line, "opportunity", e.Opportunity, noOpportunity)
	})
	d.Quotas = slices.DeleteFunc(d.Quotas, func(q Quota) bool {
		return len(reps) > 0 && !reps[q.Rep] && d.drop(q.File, q.Line, "rep", q.Rep, noRep)
	})
	d.Snapshots = slices.DeleteFunc(d.Snapshots, func(s State) bool {
		return !opps[s.Opportunity] && d.drop(s.File, s.Line, "opportunity", s.Opportunity, noOpportunity)
	})
	d.History = slices.DeleteFunc(d.History, func(m Move) bool {
		return !opps[m.Case] && d.drop(m.File, m.Line, "opportunity", m.Case, noOpportunity)
	})
	d.Calls = slices.DeleteFunc(d.Calls, func(c Call) bool {
		return len(reps) > 0 && !reps[c.Rep] && !managers[c.Rep] && d.drop(c.File, c.Line, "rep", c.Rep, noRep)
	})
	if len(strangers) > 0 {
		var names []string
		for n := range strangers {
			names = append(names, n)
		}
		slices.Sort(names)
		d.Notes = append(d.Notes, "owners of opportunities who are not in the list of reps: "+found(names))
	}
}

// plain writes a decimal with all its digits.
func plain(d decimal.Decimal) string { return d.StringFixed(max(0, -d.Exponent())) }

// drop turns a row that was used into a bad one.
func (d *dirReader) drop(file string, line int, column, value, msg string) bool {
	d.Problems = append(d.Problems, Problem{file, line, column, shorten(value), msg})
	for i := range d.Files {
		if d.Files[i].Name == file {
			d.Files[i].Used--
			d.Files[i].Skipped++
		}
	}
	return true
}

// count sums the files and puts the problems in order.
func (d *dirReader) count() {
	for _, f := range d.Files {
		d.Counts.add(f.Counts)
	}
	slices.SortStableFunc(d.Problems, func(a, b Problem) int {
		return cmp.Or(strings.Compare(a.File, b.File), a.Line-b.Line)
	})
}

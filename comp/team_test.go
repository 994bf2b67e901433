package comp_test

import (
	"context"
	"encoding/json"
	"errors"
	"iter"
	"runtime"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/salesops-go/salesops"
	"github.com/salesops-go/salesops/comp"
)

// teamJobs are n statements of different amounts; job 0 takes the longest.
func teamJobs(t *testing.T, n int) []comp.Job {
	t.Helper()
	calc := calculator(t, decision(sales(bands(comp.Marginal, "", []string{"0", "0.05"}, []string{"100", "0.1"}))))
	jobs := make([]comp.Job, n)
	for i := range jobs {
		p := payee("0")
		p.ID = "p" + string(rune('a'+i%26)) + string(rune('a'+i/26))
		count := 1 + i%5
		if i == 0 {
			count = 2000
		}
		in := comp.Case{Payee: p, Period: year(), Explain: true}
		for j := range count {
			c := booking("D"+string(rune('a'+j%26))+string(rune('a'+j/26)), "2026-01-10", "17.35")
			c.Payee = p.ID
			in.Credits = append(in.Credits, c)
		}
		jobs[i] = comp.Job{Calculator: calc, Case: in}
	}
	return jobs
}

// asJSON is a statement and state as bytes.
func asJSON(t rapid.TB, v any) string {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// goroutinesSettle waits until no more goroutines run than before.
func goroutinesSettle(t *testing.T, before int) {
	t.Helper()
	for range 200 {
		if runtime.NumGoroutine() <= before {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Errorf("%d goroutines run, %d did before", runtime.NumGoroutine(), before)
}

func TestTeamIsInOrderAndEqualToSerial(t *testing.T) {
	jobs := teamJobs(t, 100)
	want := make([]string, len(jobs))
	for i, job := range jobs {
		st, next := calculate(t, job.Calculator, job.Case)
		want[i] = asJSON(t, st) + asJSON(t, next)
	}
	before := runtime.NumGoroutine()
	for _, workers := range []int{-1, 0, 1, 2, 3, 7, 64, 1000} {
		i := 0
		var progress []int
		options := comp.TeamOptions{Workers: workers, Progress: func(done int) { progress = append(progress, done) }}
		for r := range comp.Team(t.Context(), slices.Values(jobs), options) {
			if r.Err != nil || r.Index != i || r.Payee != jobs[i].Case.Payee.ID {
				t.Fatalf("%d workers: result %d is that of %d, %s: %v", workers, i, r.Index, r.Payee, r.Err)
			}
			if got := asJSON(t, r.Statement) + asJSON(t, r.State); got != want[i] {
				t.Fatalf("%d workers: result %d differs from the one made alone:\n%s\n%s", workers, i, got, want[i])
			}
			if len(progress) != i {
				t.Errorf("%d workers: progress was told %d times before result %d", workers, len(progress), i)
			}
			i++
		}
		if i != len(jobs) {
			t.Errorf("%d workers: %d results of %d", workers, i, len(jobs))
		}
		for n, done := range progress {
			if done != n+1 {
				t.Errorf("%d workers: progress %v, want 1, 2, 3, …", workers, progress)
				break
			}
		}
		if len(progress) != len(jobs) {
			t.Errorf("%d workers: progress was told %d times of %d", workers, len(progress), len(jobs))
		}
		goroutinesSettle(t, before)
	}
}

func TestTeamGivesEachItsOwnError(t *testing.T) {
	jobs := teamJobs(t, 30)
	bad := jobs[7].Case
	bad.Credits = slices.Clone(bad.Credits)
	bad.Credits[0].Currency = "EUR"
	jobs[7].Case, jobs[9].Calculator, jobs[11].Case.Payee.Terms = bad, nil, nil
	i := 0
	for r := range comp.Team(t.Context(), slices.Values(jobs), comp.TeamOptions{Workers: 3}) {
		switch i {
		case 7, 11:
			var fault *comp.Error
			if !errors.Is(r.Err, comp.ErrInput) || !errors.As(r.Err, &fault) || fault.Payee != r.Payee {
				t.Errorf("result %d: %v, want a fault of %s", i, r.Err, r.Payee)
			}
		case 9:
			refused{comp.ErrInput, r.Payee, "", "calculator", "make one with New"}.check(t, "no calculator", r.Err, r.Statement, r.State)
		default:
			if r.Err != nil || len(r.Statement.Lines) == 0 {
				t.Errorf("result %d: %v with %d lines, want those of its job", i, r.Err, len(r.Statement.Lines))
			}
		}
		i++
	}
	if i != len(jobs) {
		t.Errorf("%d results of %d", i, len(jobs))
	}
}

func TestTeamStopsWithItsContext(t *testing.T) {
	jobs := teamJobs(t, 100)
	before := runtime.NumGoroutine()
	for _, workers := range []int{1, 4} {
		// Ended before it starts: one result tells so, and no job is taken.
		ctx, cancel := context.WithCancelCause(t.Context())
		cancel(errors.New("closing"))
		taken := 0
		stream := func(yield func(comp.Job) bool) {
			for _, job := range jobs {
				taken++
				if !yield(job) {
					return
				}
			}
		}
		var results []comp.Result
		for r := range comp.Team(ctx, stream, comp.TeamOptions{Workers: workers}) {
			results = append(results, r)
		}
		if len(results) != 1 || !errors.Is(results[0].Err, context.Canceled) || results[0].Index != 0 || taken != 0 {
			t.Errorf("ended before: %d results, %d jobs taken, want one result with the context's error and no job", len(results), taken)
		}

		// Ended on the way: the results so far, then one that tells so.
		ctx, stop := context.WithCancel(t.Context())
		results = nil
		for r := range comp.Team(ctx, slices.Values(jobs), comp.TeamOptions{Workers: workers}) {
			if results = append(results, r); len(results) == 5 {
				stop()
			}
		}
		last := results[len(results)-1]
		if len(results) != 6 || !errors.Is(last.Err, context.Canceled) || last.Index != 5 {
			t.Errorf("ended after 5: %d results, the last of which has index %d and error %v", len(results), last.Index, last.Err)
		}
		for i, r := range results[:5] {
			if r.Err != nil || r.Index != i {
				t.Errorf("result %d, before the end, has index %d and error %v", i, r.Index, r.Err)
			}
		}

		// Past its deadline, while jobs are read from a slow stream.
		ctx, stop = context.WithTimeout(t.Context(), 20*time.Millisecond)
		slow := func(yield func(comp.Job) bool) {
			for _, job := range jobs {
				time.Sleep(5 * time.Millisecond)
				if !yield(job) {
					return
				}
			}
		}
		n := 0
		for r := range comp.Team(ctx, slow, comp.TeamOptions{Workers: workers}) {
			last = r
			n++
		}
		stop()
		if !errors.Is(last.Err, context.DeadlineExceeded) || n > 90 {
			t.Errorf("past its deadline: %d results, the last with error %v", n, last.Err)
		}
		goroutinesSettle(t, before)
	}
}

func TestTeamCanBeLeft(t *testing.T) {
	jobs := teamJobs(t, 100)
	before := runtime.NumGoroutine()
	for range 20 {
		told, n := 0, 0
		options := comp.TeamOptions{Workers: 8, Progress: func(done int) { told = done }}
		for range comp.Team(t.Context(), slices.Values(jobs), options) {
			if n++; n == 3 {
				break
			}
		}
		if told != 2 { // the third was handed over, and the range left with it
			t.Errorf("progress was told of %d, want 2", told)
		}
	}
	goroutinesSettle(t, before)

	// A team that nobody ranges over starts nothing.
	comp.Team(t.Context(), slices.Values(jobs), comp.TeamOptions{})
	goroutinesSettle(t, before)

	// One that is ranged over twice answers twice.
	team := comp.Team(t.Context(), slices.Values(jobs[:10]), comp.TeamOptions{})
	for range 2 {
		n := 0
		for r := range team {
			if r.Index != n {
				t.Errorf("result %d has index %d", n, r.Index)
			}
			n++
		}
		if n != 10 {
			t.Errorf("%d results of 10", n)
		}
	}
	for range comp.Team(t.Context(), slices.Values(jobs[:0]), comp.TeamOptions{}) {
		t.Error("a team of nobody has a result")
	}
}

// Jobs are taken as results are: a stream without an end is no harm.
func TestTeamStreams(t *testing.T) {
	jobs := teamJobs(t, 3)[1:]
	const workers = 4
	var taken atomic.Int64
	var endless iter.Seq[comp.Job] = func(yield func(comp.Job) bool) {
		for i := 0; ; i++ {
			taken.Add(1)
			if !yield(jobs[i%2]) {
				return
			}
		}
	}
	n := 0
	for r := range comp.Team(t.Context(), endless, comp.TeamOptions{Workers: workers}) {
		if n++; r.Err != nil || r.Index != n-1 {
			t.Fatalf("result %d has index %d and error %v", n-1, r.Index, r.Err)
		}
		if ahead := int(taken.Load()) - n; ahead > 3*workers {
			t.Fatalf("%d jobs are taken ahead of result %d, want a few for each of %d workers", ahead, n, workers)
		}
		if n == 500 {
			break
		}
	}
	if n != 500 {
		t.Errorf("%d results, want 500", n)
	}
}

// One calculator serves many goroutines; their statements do not mix.
func TestCalculatorIsSafeForConcurrentUse(t *testing.T) {
	jobs := teamJobs(t, 40)
	var same []comp.Job
	for range 5 {
		same = append(same, jobs...)
	}
	want := make(map[string]string)
	for r := range comp.Team(t.Context(), slices.Values(same), comp.TeamOptions{Workers: 8}) {
		got := asJSON(t, r.Statement)
		if before, ok := want[r.Payee]; ok && got != before {
			t.Fatalf("%s has two statements: %s and %s", r.Payee, before, got)
		}
		want[r.Payee] = got
	}
	if len(want) != 40 {
		t.Errorf("%d payees of 40", len(want))
	}
	for _, job := range jobs {
		if job.Case.Period != (salesops.Period{Start: on("2026-01-01"), End: on("2027-01-01")}) {
			t.Errorf("a case was changed: %v", job.Case.Period)
		}
	}
}

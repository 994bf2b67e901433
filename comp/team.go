package comp

import (
	"context"
	"iter"
	"runtime"
	"sync"
)

// Job is one statement to make: a case, and the calculator of its plan.
type Job struct {
	// Calculator is that of the case's plan.
	Calculator *Calculator
	// Case is the statement to make.
	Case Case
}

// Result is the answer to the Job with the same Index.
type Result struct {
	// Index counts the jobs from 0; Payee is the job's.
	Index int
	Payee string
	// Statement and State are as from [Calculator.Calculate], when Err is nil.
	Statement Statement
	State     State
	// Err is that job's alone: the others go on. After the context is done it is
	// the context's error, and the last result.
	Err error
}

// TeamOptions are the settings of [Team]; the zero value is the default.
type TeamOptions struct {
	// Workers is how many statements are made at the same time; zero or less:
	// one for each CPU that Go uses.
	Workers int
	// Progress is called after each result that was handed over, with the number
	// so far, from the goroutine that ranges over them; nil: not at all.
	Progress func(done int)
}

// Team makes the statements of many payees. The results come in the order of the
// jobs, whatever the number of workers. Two jobs for each worker are read ahead
// and held at a time, so that memory does not grow with the
// team when jobs are read from a stream. Jobs are taken from the iterator in the
// goroutine that ranges over the results. Breaking off the range, and the end of
// ctx, stop the work; no goroutine stays behind.
func Team(ctx context.Context, jobs iter.Seq[Job], opt TeamOptions) iter.Seq[Result] {
	workers := opt.Workers
	if workers <= 0 {
		workers = runtime.GOMAXPROCS(0)
	}
	return func(yield func(Result) bool) {
		next, stop := iter.Pull(jobs)
		defer stop()
		// A task travels from the queue to a worker, which closes done; the
		// results are read in the order of the queue.
		type task struct {
			job    Job
			result Result
			done   chan struct{}
		}
		work := make(chan *task)
		var running sync.WaitGroup
		for range workers {
			running.Go(func() {
				for t := range work {
					t.result = t.job.run(t.result)
					close(t.done)
				}
			})
		}
		defer running.Wait()
		defer close(work)

		queue := make([]*task, 0, 2*workers)
		taken, done := 0, 0
		for more := true; ; {
			for more && len(queue) < cap(queue) && ctx.Err() == nil {
				var job Job
				if job, more = next(); !more {
					break
				}
				t := &task{job: job, result: Result{Index: taken, Payee: job.Case.Payee.ID}, done: make(chan struct{})}
				taken++
				select {
				case work <- t:
				case <-ctx.Done():
					t.result.Err = ctx.Err()
					close(t.done)
				}
				queue = append(queue, t)
			}
			if ctx.Err() != nil {
				yield(Result{Index: done, Err: ctx.Err()})
				return
			}
			if len(queue) == 0 {
				return
			}
			first := queue[0]
			select {
			case <-first.done:
			case <-ctx.Done():
				continue
			}
			queue = append(queue[:0], queue[1:]...)
			if !yield(first.result) {
				return
			}
			done++
			if opt.Progress != nil {
				opt.Progress(done)
			}
		}
	}
}

func (j *Job) run(r Result) Result {
	if j.Calculator == nil {
		r.Err = &Error{Payee: r.Payee, Path: "calculator", Msg: "must be set; make one with New", Err: ErrInput}
		return r
	}
	r.Statement, r.State, r.Err = j.Calculator.Calculate(j.Case)
	return r
}

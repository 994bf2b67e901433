// Package forecast answers what a team will close: the pipeline by category and
// weight, the calls of reps and managers, the range of outcomes with its chances,
// and how good past calls were.
package forecast

// Package page lays out the reports of the examples: sections of text and tables, at most [Width] columns wide.
package page

import (
	"bytes"
	"fmt"
	"strings"
	"unicode/utf8"
)

// Width is the most columns of text in a line.
const Width = 98

// Wrap breaks text into lines of at most Width columns, the first with one
// indent and the rest with another.
func Wrap(w *bytes.Buffer, first, rest, text string) {
	line := first
	empty := true
	for word := range strings.FieldsSeq(text) {
		if !empty && utf8.RuneCountInString(line)+1+utf8.RuneCountInString(word) > Width {
			fmt.Fprintln(w, strings.TrimRight(line, " "))
			line, empty = rest, true
		}
		if !empty {
			line += " "
		}
		line += word
		empty = false
	}
	fmt.Fprintln(w, line)
}

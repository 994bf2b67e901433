package main

import (
	"bytes"
	"testing"

	"github.com/salesops-go/salesops/examples/internal/sample"
)

// The files in the repository are those that the generator writes.
func TestFilesAreGenerated(t *testing.T) {
	files := generate()
	for name, want := range files {
		got, err := sample.FS.ReadFile(name)
		if err != nil {
			t.Error(err)
			continue
		}
		if !bytes.Equal(got, want) {
			t.Errorf("%s is not what the generator writes: run go generate in examples/internal/sample", name)
		}
	}
	if len(files) != 8 {
		t.Errorf("%d files, want 8", len(files))
	}
	for name, again := range generate() {
		if !bytes.Equal(again, files[name]) {
			t.Errorf("%s differs when generated again", name)
		}
	}
}

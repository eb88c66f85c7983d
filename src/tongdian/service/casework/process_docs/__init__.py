"""The documents of a process, all from its one table: words, picture and BPMN 2.0."""

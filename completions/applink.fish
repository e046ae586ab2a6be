complete --keep-order --exclusive --command applink --arguments "(_APPLINK_COMPLETE=fish applink -- (commandline --current-process --tokenize --cut-at-cursor) (commandline --current-token))"

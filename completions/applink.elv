set edit:completion:arg-completer[applink] = { |@words|
    var index = (count $words)
    set index = (- $index 1)

    put (env _CLAP_IFS="\n" _CLAP_COMPLETE_INDEX=(to-string $index) _APPLINK_COMPLETE="elvish" applink -- $@words) | to-lines
}


# Completions of applink for bash, which asks the program at each press of the key.

# A word as the program would get it, in REPLY: nothing in it is carried out.
_applink_unquoted() {
    local text=$1 quote='' c i
    REPLY=''
    for ((i = 0; i < ${#text}; i++)); do
        c=${text:i:1}
        if [[ $c == "\\" && $quote != "'" ]]; then
            i=$((i + 1))
            REPLY+=${text:i:1}
        elif [[ -n $quote && $c == "$quote" ]]; then
            quote=''
        elif [[ -z $quote && ($c == "'" || $c == '"') ]]; then
            quote=$c
        else
            REPLY+=$c
        fi
    done
}

_applink() {
    local REPLY
    # The line is broken at '=' and ':' too, and so would be every URL: the pieces are joined again.
    local words=() index=0 rest=$COMP_LINE i piece before lead='' open=''
    for ((i = 0; i <= COMP_CWORD; i++)); do
        piece=${COMP_WORDS[i]}
        before=$rest
        rest=${rest#"${rest%%[![:space:]]*}"}
        rest=${rest#"$piece"}
        if ((i == COMP_CWORD)); then
            # Up to the cursor, and without the quotes that are still open.
            [[ $piece == [\"\']* ]] && open=${piece:0:1}
            piece=$2
        fi
        if ((i > 0)) && [[ $before != [[:space:]]* && -n $before ]]; then
            ((i == COMP_CWORD)) && lead=${words[index]}
            words[index]+=$piece
        else
            index=${#words[@]}
            words[index]=$piece
        fi
    done
    # '=' and ':' are pieces of their own, and one of them may be what is completed.
    case $2 in
    = | :) lead+=$2 ;;
    esac
    for i in "${!words[@]}"; do
        _applink_unquoted "${words[i]}"
        words[i]=$REPLY
    done
    _applink_unquoted "$lead"
    lead=$REPLY
    local space=true IFS=$'\013'
    compopt +o nospace 2>/dev/null && space=false
    COMPREPLY=($(
        _CLAP_IFS=$IFS _CLAP_COMPLETE_INDEX=$index _CLAP_COMPLETE_COMP_TYPE=$COMP_TYPE \
            _CLAP_COMPLETE_SPACE=$space _APPLINK_COMPLETE=bash applink -- "${words[@]}"
    )) || {
        COMPREPLY=()
        return
    }
    # Options are offered to who begins one, or where nothing else can stand.
    if [[ ${words[index]} != -* ]]; then
        local others=()
        for piece in "${COMPREPLY[@]}"; do
            [[ $piece == -* ]] || others+=("$piece")
        done
        ((${#others[@]})) && COMPREPLY=("${others[@]}")
    fi
    for i in "${!COMPREPLY[@]}"; do
        # The shell keeps what stands before the last '=' or ':', and takes the rest as it is.
        piece=${COMPREPLY[i]#"$lead"}
        [[ -z $open ]] && printf -v piece '%q' "$piece"
        COMPREPLY[i]=$piece
    done
    if [[ $space == false && ${COMPREPLY-} == *[=/:] ]]; then
        compopt -o nospace
    fi
}
if ((BASH_VERSINFO[0] > 4 || (BASH_VERSINFO[0] == 4 && BASH_VERSINFO[1] >= 4))); then
    complete -o nospace -o bashdefault -o nosort -F _applink applink
else
    complete -o nospace -o bashdefault -F _applink applink
fi

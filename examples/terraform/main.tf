# Refuses to go on where Jira and the wiki are not linked, or the link is broken.
data "external" "link" {
  program = ["python3", "${path.module}/applink_external.py"]
  query = {
    local  = "jira"
    remote = "wiki"
  }
}

check "application_link" {
  assert {
    condition     = data.external.link.result.status == "ok"
    error_message = "jira and wiki: ${data.external.link.result.status} ${data.external.link.result.code}"
  }
}
